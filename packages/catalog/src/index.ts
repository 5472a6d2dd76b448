/** The door of the catalog room. */
export {};
