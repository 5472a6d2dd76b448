/** The door of the kernel room. */
export {};
