import type { CalendarDate } from '../../src/core/base/calendar.js';

const real = globalThis.Date;

/** setToday for the tests of a `describe`. It takes effect before any set-up of the `describe` that is written below it. */
export function useToday(date: CalendarDate): void {
  let clock: ReturnType<typeof setToday>;
  before(() => {
    clock = setToday(date);
  });
  after(() => {
    clock.giveBack();
  });
}

/** For a `describe` in which days pass: returns a function that sets the day. Each test must set its first day. */
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

/** Sets the clock of this process to noon of a day; time goes on from there. Call giveBack at the end. */
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
