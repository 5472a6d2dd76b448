// Sets the colour theme before the first paint, so that a dark page never flashes white.
// A file and not an inline script: the content security policy refuses inline scripts. src/shell/theme.ts goes on from here.
{
  let choice = null;
  try {
    choice = localStorage.getItem('callboard.theme');
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.themeMode = dark ? 'dark' : 'light';
}
