/** What a panel copies as a test: the same as `copyAsTest` makes, with the recording in it where the clipboard can hold it. */
import { type ReplayTest, type ReplayTestOptions, writeReplayTest } from '../store/copy-as-test.js'
import { createNobleOrWebCrypto } from '../store/crypto-choice.js'
import type { ReplayPorts } from '../store/open-replay.js'
import { platformSurroundings } from '../store/surroundings.js'

/** Digits of base64 in what is copied: more would make an editor slow in which it is put. */
const MOST = 256 * 1024

/** How a panel reads replay files, where it is told nothing else. */
export async function panelPorts(): Promise<ReplayPorts> {
  return { crypto: await createNobleOrWebCrypto(), surroundings: platformSurroundings() }
}

/**
 * A test of a recording, or of a part of it.
 * @throws IbexError what does not hold of the recording; `unknown-moment` for a part that is not of it
 */
export async function testOfRecording(
  file: Uint8Array,
  part: Pick<ReplayTestOptions, 'title' | 'span'>,
  ports?: ReplayPorts,
): Promise<ReplayTest> {
  return writeReplayTest(file, undefined, { ...part, inline: MOST }, ports ?? (await panelPorts()))
}
