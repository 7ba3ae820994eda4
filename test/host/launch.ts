import { format, parseArgs } from 'node:util';
import { installVSCode, OLDEST_VSCODE } from './installVSCode.js';
import { openWebWorkbench } from './webWorkbench.js';

// Takes the arguments of @vscode/test-electron's runTests() and runs the tests in the Node.js extension host of a VS
// Code from npm, with the workbench in headless Chromium. Environment: VSCODE_NPM_VERSION, VSCODE_NPM_TIMEOUT (seconds
// for the whole run). Exit code: see WebWorkbench.exitCode, or 124 when the time is over.

const flag = { type: 'boolean' } as const;
const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: text,
    'user-data-dir': text,
    'extensions-dir': text,
    'disable-extensions': flag,
    // Ignored here: only the desktop VS Code knows them.
    'no-sandbox': flag,
    'disable-gpu-sandbox': flag,
    'disable-updates': flag,
    'skip-welcome': flag,
    'skip-release-notes': flag,
    'disable-workspace-trust': flag,
  },
});

/** Messages of the workbench itself, which share the console with the tests. */
const CHATTER =
  /^(%c|Resolv|Creating a socket|Ignoring fetching additional|Updating additional builtin|\[reconnection-grace-time\]|\[Service Worker\]|\[AgentHost|\[AccountPolicyGate\]|\[ChatModelSelection\]|ChatSessionStore|Error while fetching the extension under development|Invoking resolveAuthority|Started local extension host|Failed to load resource)/;

function print(type: string, args: unknown[]): void {
  if (typeof args[0] === 'string' && CHATTER.test(args[0])) return;
  (type === 'error' ? process.stderr : process.stdout).write(`${format(...args)}\n`);
}

async function launch(): Promise<number> {
  const vscode = installVSCode(process.env.VSCODE_NPM_VERSION ?? OLDEST_VSCODE);
  const workbench = await openWebWorkbench(vscode, {
    userDataDir: values['user-data-dir']!, // runTests always names both
    extensionsDir: values['extensions-dir']!,
    extensionDevelopmentPath: values.extensionDevelopmentPath ?? [],
    ...(values.extensionTestsPath && { extensionTestsPath: values.extensionTestsPath }),
    ...(positionals[0] && { folder: positionals[0] }),
    disableExtensions: values['disable-extensions'] ?? false,
    onLog: print,
  });
  let stop!: (code: number) => void;
  const stopped = new Promise<number>((resolve) => (stop = resolve));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop.bind(undefined, 130));
  const seconds = Number(process.env.VSCODE_NPM_TIMEOUT ?? 1500);
  const timer = setTimeout(() => {
    console.error(`VS Code reported no result within ${seconds} s`);
    stop(124);
  }, seconds * 1000);
  const code = await Promise.race([workbench.exitCode, stopped]);
  clearTimeout(timer);
  await workbench.close();
  return code;
}

launch().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
