/** What is held in memory; needs `--expose-gc`. */

/** Bytes in use: objects, and what they hold outside of the heap. */
export async function heap(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    globalThis.gc!()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
