import { openForSqlClients, readConfig, type ReaderAccess } from '../../core/core.js';
import type { Command } from '../commandContext.js';

export const serveCommand: Command = async ({ line, env, print, runJob }) => {
  const config = readConfig(env);
  await runJob(config, async (context) => {
    let said = Promise.resolve();
    await openForSqlClients({ rights: 'read', lasting: true }, context, (access) => {
      const shown = { ...access, ...(!line.showPassword && { password: undefined }) };
      said = print({ command: 'serve', connectionString: addressOf(shown), ...shown }, describe(shown));
    });
    await said;
  });
  return 0; // the command ends only when it is stopped
};

type Shown = Omit<ReaderAccess, 'password'> & { password?: string | undefined };

const addressOf = ({ host, port, database, user, password }: Shown): string =>
  `postgresql://${user}${password === undefined ? '' : `:${password}`}@${host}:${port}/${database}?sslmode=disable`;

const describe = (shown: Shown): string => `The built-in warehouse is open for reading at
  ${addressOf(shown)}
${shown.password === undefined ? 'The password is shown with --show-password. ' : ''}Port, user and password stay the same whenever serve runs.

Ctrl+C closes this access.`;
