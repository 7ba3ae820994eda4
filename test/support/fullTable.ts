/** FULL_TABLE=1 (`npm run test:all`, and each night) runs every case. Otherwise one case stands for several similar ones. */
export const fullTable = Boolean(process.env.FULL_TABLE);
