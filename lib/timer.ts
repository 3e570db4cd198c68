/** What measures how long something takes, and ends what takes too long. */
export interface Timer {
  /** Milliseconds since some moment; it never goes back. */
  elapsed(): number;
  /** Does something after some milliseconds, unless the result is called before. */
  after(milliseconds: number, act: () => unknown): () => void;
}

/** That of the machine. */
export const REAL_TIMER: Timer = {
  elapsed: () => performance.now(),
  after: (milliseconds, act) => {
    const timeout = setTimeout(act, milliseconds);
    return () => clearTimeout(timeout);
  },
};
