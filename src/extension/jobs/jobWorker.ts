// The thread that jobs run in. Reading and writing must not block the extension host, which all extensions share.
// The host sends one job or several, and ends the thread afterwards.
import { parentPort, workerData } from 'node:worker_threads';
// oxlint-disable-next-line no-restricted-imports -- the one place in the extension that loads the core
import {
  asEtlError,
  backfill,
  calendar,
  check,
  checkWarehouse,
  clearAndReload,
  describeClosing,
  describeComparison,
  describeDryRun,
  describeExport,
  describeRemoval,
  describeExportFiles,
  describeRejects,
  describeResult,
  describeRunRejects,
  endBiToolsAccess,
  exportableCompanies,
  type ExportDescription,
  exportRange,
  fieldTitle,
  invoice,
  invoices,
  type JobContext,
  type JobResult,
  listOpenCompanies,
  type Logger,
  openExportFile,
  openForSqlClients,
  type Progress,
  type ReaderAccess,
  rejects,
  removeCompany,
  resetCheckpoint,
  status,
  summary,
  yearFigures,
  sync,
  verify,
  warehouseName,
} from '../../core/core.js';
import type { FromWorker, Jobs, JobName, LoadAnswer, LogLevel, Order, ToWorker } from './jobMessages.js';
import { type Language, speak } from '../language/language.js';
import { inEditorWords } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { verifyWords } from '../commands/verifyWords.js';

const progressIntervalMs = 100;

const port = parentPort;
if (!port) throw new Error('jobWorker runs as a worker thread only.');
speak((workerData as { language: Language }).language);

const post = (message: FromWorker): void => {
  port.postMessage(message);
};
/** The jobs that are running, by their numbers. */
const running = new Map<number, AbortController>();

/** Ends a job's use of the embedded server; the server's last user stops it. Never rejects. */
type WayOut = () => Promise<void>;
/** The ways out of jobs that have ended. They are not taken yet, so that the server goes on for the next job. */
let waysOut: WayOut[] = [];
/** False after the message `leave`: the server is then not kept for a next job. */
let mayStay = true;

const leave = async (ways: WayOut[]): Promise<void> => {
  for (const wayOut of ways) await wayOut();
};

port.on('message', (message: ToWorker) => {
  if (message.type === 'cancel') running.get(message.id)?.abort();
  else if (message.type === 'leave') {
    mayStay = false;
    void stayBy([]).then(() => {
      post({ type: 'left' });
    });
  } else void run(message);
});

/** Keeps the ways out of the latest job, then takes those that were kept before. So the server is always in use. */
async function stayBy(ways: WayOut[]): Promise<void> {
  const before = waysOut;
  waysOut = ways;
  await leave(before);
}

/** Runs a job, and tells the host of its end. Never rejects. */
async function run<N extends JobName>({ id, job, request, config, logLevels, stays }: Order<N>): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const ways: WayOut[] = [];
  const context: JobContext = {
    config,
    logger: forwardingLogger(logLevels),
    signal: abort.signal,
    onProgress: thinned((progress) => {
      post({ id, type: 'progress', progress });
    }),
    program: 'vscode',
    ...(stays && { leaveLater: (wayOut) => ways.push(wayOut) }),
  };
  try {
    const answer = await handlers[job](request, context, (access) => {
      post({ id, type: 'opened', access });
    });
    // Taken out of `ways`, so that the catch block does not take them again.
    const ended = ways.splice(0);
    await (mayStay && ended.length > 0 ? stayBy(ended) : leave(ended));
    post({ id, type: 'answer', answer });
  } catch (thrown) {
    await leave(ways);
    const { code, message, hint, setting, warnings, stack, cause } = asEtlError(thrown);
    const trace = [stack ?? message, ...(cause instanceof Error ? [`Caused by: ${cause.stack ?? cause.message}`] : [])];
    const said = warnings.map(inEditorWords);
    post({ id, type: 'failure', code, message, hint, setting, warnings: said, trace: trace.join('\n') });
  } finally {
    running.delete(id);
  }
}

type OnOpened = (access: ReaderAccess) => void;

/** The function of each job. The type makes sure that it gives the job's own answer. */
const handlers: {
  [N in JobName]: (request: Jobs[N]['request'], context: JobContext, onOpened: OnOpened) => Promise<Jobs[N]['answer']>;
} = {
  sync: async (_, context) => described(await sync(context), context),
  backfill: async (request, context) => described(await backfill(request, context), context),
  clearAndReload: async (request, context) => described(await clearAndReload(request, context), context),
  verify: async (request, context) => {
    const result = toEditor(await verify(request, context));
    const place = warehouseName(context.config);
    return { result, ...describeComparison(result, place, new Date().toISOString(), verifyWords.remedy()) };
  },
  status: async (request, context) => ({ ...(await status(request, context)), summary: await summary(context) }),
  summary: (_, context) => summary(context),
  yearFigures,
  calendar,
  invoices,
  invoice: async (request, context) => {
    const found = await invoice(request, context);
    const named = Object.entries(found?.invoice ?? {}).filter(([, value]) => value !== null);
    return found && { ...found, titles: Object.fromEntries(named.map(([column]) => [column, fieldTitle(column)])) };
  },
  rejects: async ({ ofRun, ...request }, context) => {
    const found = await rejects(request, context);
    if (ofRun !== undefined) return describeRunRejects(found, ofRun).join('\n');
    return describeRejects(found, { load: messages.rejects.load });
  },
  resetCheckpoint: async (request, context) => {
    await resetCheckpoint(request, context);
    return undefined;
  },
  exportRange: async (request, context) => {
    const result = await exportRange(request, context);
    const place = warehouseName(context.config);
    return { result, place, text: describeExport(result, place) };
  },
  exportableCompanies: (_, context) => exportableCompanies(context),
  removeCompany: async (request, context) => {
    const result = await removeCompany(request, context);
    return { result, text: describeRemoval(result) };
  },
  openForSqlClients: async (request, context, onOpened) => {
    await openForSqlClients(request, context, onOpened);
    return undefined;
  },
  endBiToolsAccess: async (_, context) => {
    await endBiToolsAccess(context);
    return undefined;
  },
  check: (_, context) => check(context),
  checkWarehouse: (_, context) => checkWarehouse(context),
  companies: (_, context) => listOpenCompanies(context),
  describeFiles: ({ files }, context) => describeFiles(files, context),
};

async function describeFiles(
  paths: readonly string[],
  { config, logger, signal, onProgress }: JobContext,
): Promise<ExportDescription> {
  const files = [];
  for (const path of paths) files.push(await openExportFile(path, logger, signal));
  const { company, vouchers, from, to } = await describeExportFiles(
    files,
    config.company,
    signal,
    (count, fraction) => {
      onProgress?.({ phase: 'reading', invoices: 0, vouchers: count, fraction });
    },
  );
  return { company, vouchers, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function described(loaded: JobResult, { config }: JobContext): LoadAnswer {
  const result = toEditor(loaded);
  const place = warehouseName(config);
  return {
    result,
    closing: describeClosing(result, place),
    text: result.dryRun ? describeDryRun(result) : describeResult(result, place, messages.rejects.command()),
  };
}

/** The result with VS Code's names of settings in its texts, for messages, documents and the log. */
const toEditor = <
  Result extends { warnings: string[]; notProven: string | null; notByTotals?: string; openingsNotCompared?: string },
>(
  result: Result,
): Result => ({
  ...result,
  warnings: result.warnings.map(inEditorWords),
  ...(result.notByTotals !== undefined && { notByTotals: inEditorWords(result.notByTotals) }),
  ...(result.openingsNotCompared !== undefined && {
    openingsNotCompared: inEditorWords(result.openingsNotCompared),
  }),
  notProven: result.notProven === null ? null : inEditorWords(result.notProven),
});

/** Sends only what the log channel shows, because trace lines hold whole requests and would be sent for nothing. */
function forwardingLogger(levels: LogLevel[]): Logger {
  const forward = (level: LogLevel) => (message: string) => {
    if (levels.includes(level)) post({ type: 'log', level, message });
  };
  return {
    trace: forward('trace'),
    debug: forward('debug'),
    info: forward('info'),
    warn: forward('warn'),
    error: forward('error'),
  };
}

/** Reports each change of phase, and at most ten times a second between them. More would burden the host unseen. */
function thinned(report: (progress: Progress) => void): (progress: Progress) => void {
  let lastTime = 0;
  let lastPhase = '';
  return (progress) => {
    const now = Date.now();
    if (progress.phase === lastPhase && now - lastTime < progressIntervalMs) return;
    lastTime = now;
    lastPhase = progress.phase;
    report(progress);
  };
}
