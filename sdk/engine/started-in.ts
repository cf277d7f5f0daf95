/** The process's folder when this package was loaded: that of the program, which may leave it later. */
export const STARTED_IN = process.cwd();
