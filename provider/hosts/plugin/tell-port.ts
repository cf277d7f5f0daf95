/** The engine reads the port from the first line of standard output. */
export const tellPort = (port: number): void => void process.stdout.write(`${port}\n`);
