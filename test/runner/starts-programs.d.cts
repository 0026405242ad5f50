/** Whether a TypeScript file, or anything that it imports, can start a program. */
export declare function startsPrograms(file: string): boolean;
