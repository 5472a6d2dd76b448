/** The door of access. */
export const ROOM = 'access';
