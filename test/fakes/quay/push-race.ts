/** How long a push waits for a rival, in milliseconds. */
const WINDOW = 100;

/**
 * Quay looks whether a release exists and stores it in two steps, and two pushes can both pass the first.
 * While `open`, a push waits between the steps until another one of the same release has come as far.
 */
export class PushRace {
  open: boolean;
  readonly #waiting = new Map<string, () => void>();

  constructor(open: boolean) {
    this.open = open;
  }

  async meetRival(release: string): Promise<void> {
    if (!this.open) return;
    const wakeRival = this.#waiting.get(release);
    if (wakeRival) return wakeRival();

    await new Promise<void>((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        this.#waiting.delete(release);
        resolve();
      };
      const timer = setTimeout(goOn, WINDOW);
      this.#waiting.set(release, goOn);
    });
  }
}
