/** The door of the access room. */
export {};
