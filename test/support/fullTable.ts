/** FULL_TABLE=1 (`npm run test:all`, and each night) takes each case; else some show for others what is alike. */
export const fullTable = Boolean(process.env.FULL_TABLE);
