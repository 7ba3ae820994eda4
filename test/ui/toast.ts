import type { Locator } from 'playwright-core';

/** A notification in the corner of the window. */
export class Toast {
  constructor(readonly locator: Locator) {}

  /** Its message, as soon as it is shown. */
  async text(): Promise<string> {
    const message = this.locator.locator('.notification-list-item-message').first();
    return (await message.innerText()).trim();
  }

  async buttons(): Promise<string[]> {
    await this.locator.first().waitFor();
    return await this.locator.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
  }

  async click(button: string): Promise<void> {
    await this.locator.locator('.monaco-button').filter({ hasText: button }).click();
  }

  async gone(): Promise<void> {
    await this.locator.first().waitFor({ state: 'detached' });
  }
}
