/** All of @rjsf/utils, as a chunk of its own: the form keeps the part that it uses. */
export * from '@rjsf/utils';
