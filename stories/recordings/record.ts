/** Records what the stories' people do, with real signatures: run by `npm run record:stories`, and by that only. */
import { writeFileSync } from 'node:fs'
import type { RecordOptions } from '../../src/store/record-face.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { World } from '../scenes/world.js'
import { long, refused, scattered, type Script, team, undone } from './scripts.js'

const RECORDINGS: readonly (readonly [name: string, script: Script, title: string, options?: RecordOptions])[] = [
  ['team', team, 'A team at work'],
  ['scattered', scattered, 'Three who hear nothing of each other'],
  ['undone', undone, 'Ada changes her mind'],
  ['refused', refused, 'Titles that are too long'],
  ['long', long, 'Three days'],
  ['withheld', team, 'A team at work, one task left out', { redact: ({ id }) => id === 't-3' }],
]

const [folder = '.'] = process.argv.slice(2)
for (const [name, script, title, options] of RECORDINGS) {
  const world = await new World((random) => createNodeCrypto({ random })).open()
  const [store] = await script(world)
  const bytes = await store!.record({}, { title, ...options })
  writeFileSync(`${folder}/${name}.ibexreplay`, bytes)
  console.log(`${name}  ${bytes.length.toLocaleString('en')} B`)
  await world.close()
}
