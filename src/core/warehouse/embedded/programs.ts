import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import type { Account } from './account.js';
import { stopAfter } from '../postgres/afterCancel.js';
import { isCode } from './startLock.js';

/** PostgreSQL's programs (`bin`, `lib`, `share`) and the account that runs them. */
export interface Programs {
  binaries: string;
  account?: Account | undefined;
}

export interface RunOptions {
  signal?: AbortSignal | undefined;
  /** How long the program may continue after the signal. */
  graceMs?: number;
  /** The working folder; default: the root folder, because ours may be closed to the account. */
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
}

/** Only these variables reach the server: its account may read its environment, and ours contains DB_URL. */
const passedOn = ['PATH', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'SystemDrive', 'ComSpec', 'LD_LIBRARY_PATH'];

export const executable = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

export const programFile = ({ binaries }: Programs, program: string): string =>
  path.join(binaries, 'bin', executable(program));

/** Runs a program to its end, without a shell. Throws `config` if this computer cannot run the program, or kills it. */
export async function runProgram(
  programs: Programs,
  program: string,
  args: string[],
  { signal, graceMs = 0, cwd, env, input }: RunOptions = {},
): Promise<{ code: number | null; output: string }> {
  const { binaries, account } = programs;
  const surroundings = passedOn.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
  const child = spawn(programFile(programs, program), args, {
    ...(account && { uid: account.uid, gid: account.gid }),
    env: { ...(Object.fromEntries(surroundings) as Record<string, string>), LC_ALL: 'C', ...env },
    cwd: cwd ?? path.parse(binaries).root,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  // A program may end before it has read its input; its exit code then decides.
  child.stdin.on('error', () => undefined).end(input ?? '');
  const streams = [child.stdout, child.stderr];
  let output = '';
  for (const stream of streams)
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<{ code: number | null; killed: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', (error) => {
      reject(cannotStart(programFile(programs, program), error));
    });
    child.once('exit', (code, killed) => {
      const done = (): void => {
        for (const stream of streams) stream.destroy();
        resolve({ code, killed });
      };
      // On Windows the server keeps the pipes of the program that started it open, so `close` may never come.
      const timer = setTimeout(done, 1_000);
      child.once('close', () => {
        clearTimeout(timer);
        done();
      });
    });
  });
  const { code, killed } = await stopAfter(ended, signal, graceMs, () => child.kill());
  if (!signal?.aborted) refuseBroken(program, code, killed, output);
  return { code, output };
}

/** Windows could not load the program: a DLL, or a function in one, was not found. */
const missingParts = [0xc000_0135, 0xc000_0139];

/** Throws `config` if the computer, not the program, caused its end. */
function refuseBroken(program: string, code: number | null, killed: NodeJS.Signals | null, output: string): void {
  const lines = output.trim().split('\n').slice(-4).join('\n');
  if (killed !== null) {
    const words = { program, signal: killed, lines };
    throw unusable(
      lines === ''
        ? t('Its program {program} was ended by {signal}: an antivirus program or a lack of memory can do that.', words)
        : t('Its program {program} was ended by {signal}. It says:\n{lines}', words),
    );
  }
  if (code !== null && missingParts.includes(code))
    throw unusable(
      t('Its program {program} could not be loaded (status 0x{status}): a file that it needs is missing.', {
        program,
        status: code.toString(16).toUpperCase(),
      }),
    );
  // 127: the loader did not find a library.
  if (code === 127 || code === 126) throw unusable(lines);
}

export function cannotStart(file: string, cause: Error): EtlError {
  if (isCode(cause, 'ENOENT'))
    return unusable(
      existsSync(file)
        ? t('The program loader that {file} needs is missing, as on Alpine Linux, which has another C library.', {
            file,
          })
        : t('{file} is missing. An antivirus program may have removed it.', { file }),
      cause,
    );
  if (isCode(cause, 'EACCES') || isCode(cause, 'EPERM'))
    return unusable(
      t(
        '{file} cannot be run: the file is not executable, its disk does not allow programs, or a security policy blocks it.',
        {
          file,
        },
      ),
      cause,
    );
  return unusable(t('{file} could not be started: {reason}', { file, reason: cause.message }), cause);
}

const unusable = (reason: string, cause?: Error): EtlError =>
  new EtlError(
    'config',
    t('The built-in PostgreSQL cannot be run on this computer. {reason}', { reason }),
    t(
      'Set DB_URL to a PostgreSQL server: postgres://user:password@host:5432/database. Or remove the cause, install Tally Warehouse again, and try again.',
    ),
    { cause, setting: 'DB_URL' },
  );
