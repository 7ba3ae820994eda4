import type http from 'node:http';
import { isCalendarDate } from '../../core/base/calendar.js';
import { EtlError } from '../../core/base/errors.js';
import { faultKinds, requestClasses, type Behaviour, type Fault } from './behaviour.js';
import { switches, switchNames, type SwitchName } from './switches.js';

/** Whether a request reads or changes the demo Tally's switches. A real Tally does not know such requests. */
export const isAboutBehaviour = ({ url, method }: http.IncomingMessage): boolean =>
  url === '/behaviour' && (method === 'GET' || method === 'PUT');

/** Whether a host is this computer under one of three names: 127.0.0.1, localhost or [::1]. */
const isLocal = (host: string | undefined): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '');

/**
 * Whether a web page may have sent the request, because its Host or its Origin is not this computer. Host is checked
 * too, because a page's own name can resolve to this computer.
 */
export const isOfWebPage = ({ headers: { host, origin } }: http.IncomingMessage): boolean =>
  !isLocal(host) || (origin !== undefined && !isLocal(origin.replace(/^https?:\/\//, '')));

/**
 * Answers `GET /behaviour` with the present switches. `PUT` first changes the switches that its JSON object names. If
 * the object is not valid, nothing is changed, and the answer is status 400 with the error.
 */
export function tellBehaviour(
  method: string | undefined,
  body: Buffer,
  response: http.ServerResponse,
  behaviour: Behaviour,
): void {
  let status = 200;
  let answer: unknown;
  try {
    if (method === 'PUT') Object.assign(behaviour, readChanges(body.toString('utf8')));
    answer = shown(behaviour);
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    status = 400;
    answer = { error: { message: error.message, hint: error.hint } };
  }
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(answer, null, 2)}\n`);
}

function shown(behaviour: Behaviour): Record<string, unknown> {
  const { fault, screenPeriod = null } = behaviour;
  return { ...Object.fromEntries(switchNames.map((name) => [name, behaviour[name]])), screenPeriod, fault };
}

const names = [...switchNames, 'screenPeriod', 'fault'].join(', ');
const listed = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** The changes in a JSON object. Throws `usage`, with the allowed names and values, if the object has any others. */
export function readChanges(json: string): Partial<Behaviour> {
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(objectOf('The body', parsed(json), `Switches: ${names}.`))) {
    if (name === 'screenPeriod') changes[name] = readPeriod(value);
    else if (name === 'fault') changes[name] = readFault(value);
    else if (isSwitch(name)) changes[name] = oneOf<unknown>(name, value, switches[name]);
    else throw new EtlError('usage', `There is no switch ${JSON.stringify(name)}.`, `Switches: ${names}.`);
  }
  return changes;
}

const isSwitch = (name: string): name is SwitchName => Object.hasOwn(switches, name);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function objectOf(name: string, value: unknown, hint: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new EtlError('usage', `${name} must be a JSON object.`, hint);
}

function oneOf<T>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined)
    throw new EtlError('usage', `${name} cannot be ${JSON.stringify(value)}.`, `Allowed: ${listed(allowed)}.`);
  return found;
}

function readPeriod(value: unknown): Behaviour['screenPeriod'] {
  if (value === null) return undefined;
  const hint = 'Allowed: {"from": "2024-04-01", "to": "2024-04-30"}, or null for the last financial year of the books.';
  const { from, to, ...rest } = objectOf('screenPeriod', value, hint);
  const areDates = typeof from === 'string' && typeof to === 'string' && isCalendarDate(from) && isCalendarDate(to);
  if (!areDates || from > to || Object.keys(rest).length > 0)
    throw new EtlError('usage', `screenPeriod cannot be ${JSON.stringify(value)}.`, hint);
  return { from, to };
}

function readFault(value: unknown): Fault {
  const hint = `Allowed: {"kind": one of ${listed(faultKinds)}, "on": one of ${listed(requestClasses)}, "after", "times", "afterBytes", "waitMs": whole numbers}; all but kind may be absent.`;
  const { kind, on, ...counts } = objectOf('fault', value, hint);
  const fault: Fault = { kind: oneOf('fault.kind', kind, faultKinds) };
  if (on !== undefined) fault.on = oneOf('fault.on', on, requestClasses);
  for (const [name, count] of Object.entries(counts)) {
    const known = name === 'after' || name === 'times' || name === 'afterBytes' || name === 'waitMs';
    const least = name === 'times' ? 1 : 0;
    if (!known || typeof count !== 'number' || !Number.isSafeInteger(count) || count < least)
      throw new EtlError('usage', `fault.${name} cannot be ${JSON.stringify(count)}.`, hint);
    fault[name] = count;
  }
  return fault;
}
