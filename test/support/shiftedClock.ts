import type { CalendarDate } from '../../src/core/base/calendar.js';

const real = globalThis.Date;

/** setToday for the tests of a `describe`, before any other of its setup that is written below this. */
export function useToday(date: CalendarDate): void {
  let clock: ReturnType<typeof setToday>;
  before(() => {
    clock = setToday(date);
  });
  after(() => {
    clock.giveBack();
  });
}

/** Days that go by within a `describe`: what it returns sets the day. Each test sets its own first. */
export function useDays(): (date: CalendarDate) => void {
  let clock: ReturnType<typeof setToday> | undefined;
  after(() => {
    clock?.giveBack();
  });
  return (date) => {
    clock?.giveBack();
    clock = setToday(date);
  };
}

/** Lets this process believe that it is noon of a day; time goes on from there. Give it back when done. */
export function setToday(date: CalendarDate): { giveBack: () => void } {
  const ahead = real.parse(`${date}T12:00:00`) - real.now();
  globalThis.Date = new Proxy(real, {
    construct: (target, args: unknown[]) =>
      Reflect.construct(target, args.length === 0 ? [real.now() + ahead] : args) as Date,
    get: (target, name, receiver) =>
      name === 'now' ? () => real.now() + ahead : (Reflect.get(target, name, receiver) as unknown),
  });
  return {
    giveBack: () => {
      globalThis.Date = real;
    },
  };
}
