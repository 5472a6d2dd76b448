export const createUrlReader = (_: unknown) => ({
  read: async (): Promise<never> => {
    throw new Error('no urls yet');
  },
  resolveUrl: (u: string, b: string) => new URL(u, b).href,
  resolveEditUrl: () => null,
  folderUrl: () => null,
});
export const parseReadingConfig = (_: unknown) => ({});
