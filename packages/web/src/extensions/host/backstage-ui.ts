/** All of @backstage/ui, as a chunk of its own: an import of the package itself would put all of it into the first view. */
export * from '@backstage/ui';
