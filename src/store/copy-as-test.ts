/** "Copy as test": a recorded range as the text of a test, which opens the recording and holds how it was at both ends. */
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import { toBase64 } from '../value/base64.js'
import { openReplayFile, type Replay, type ReplayPorts } from './open-replay.js'
import type { RecordOptions } from './record-face.js'

export interface CopyAsTestOptions extends RecordOptions {
  /**
   * A statement after which `schemas` are the app's, for example `import { schemas } from '../src/schemas'`. Without it the
   * test sees everything as it is stored.
   */
  readonly schemas?: string | undefined
}

/** A test, and the recording that it opens. */
export interface ReplayTest {
  /** For Vitest, in TypeScript. */
  readonly code: string
  /** To be put beside it; undefined where it is so small that it stands in the code. */
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | undefined
}

/** Digits of base64 that may stand in a test. */
const INLINE = 8 * 1024
/** So many items of a state are compared; of a larger one those that the range changed. */
const MANY = 100

/** Of a file as it was recorded. `given`: the schemas by which the app shows its items. */
export async function writeReplayTest(
  file: Uint8Array,
  given: readonly AnySchema[] | undefined,
  options: Pick<CopyAsTestOptions, 'schemas'>,
  ports: ReplayPorts,
): Promise<ReplayTest> {
  const schemas = options.schemas === undefined ? undefined : given
  const replay = await openReplayFile(file, { schemas }, ports)
  try {
    const title = replay.info.title || `what happened in ${replay.info.repository}`
    const name = `${fileName(title)}.ibexreplay`
    const inline = toBase64(file)
    const isSmall = inline.length <= INLINE
    const ids = idsToCompare(replay)
    const only = ids ? JSON.stringify(ids) : ''
    const states = [replay.from, replay.to].map((moment) => {
      replay.seek(moment)
      return toCode(replay.items(ids), '  ')
    })
    const code = `${[
      ...(isSmall ? [] : ["import { readFile } from 'node:fs/promises'"]),
      "import { expect, test } from 'vitest'",
      "import { openReplay } from 'ibex-state/testing'",
      ...(options.schemas === undefined ? [] : [options.schemas]),
      '',
      ...(isSmall ? [`const file =\n  '${inline}'`, ''] : []),
      `test(${JSON.stringify(title)}, async () => {`,
      ...(isSmall ? [] : [`  const file = await readFile(new URL('./${name}', import.meta.url))`]),
      `  const replay = await openReplay(file${options.schemas === undefined ? '' : ', { schemas }'})`,
      '',
      '  // Before. To go on from here in another way: const store = replay.fork(replay.from)',
      '  replay.seek(replay.from)',
      `  expect(replay.items(${only})).toEqual(${states[0]})`,
      '',
      '  // After.',
      '  replay.seek(replay.to)',
      `  expect(replay.items(${only})).toEqual(${states[1]})`,
      '',
      '  replay.close()',
      '})',
    ].join('\n')}\n`
    return { code, file: isSmall ? undefined : { name, bytes: file } }
  } finally {
    replay.close()
  }
}

/** Undefined: all. */
function idsToCompare(replay: Replay): string[] | undefined {
  const count = (): number => Object.values(replay.items()).reduce((sum, items) => sum + items.length, 0)
  if (count() <= MANY) {
    replay.seek(replay.from)
    if (count() <= MANY) return undefined
  }
  const touched = replay.history.timeline({ since: replay.from, until: replay.to })
  const ids = new Set<string>()
  for (const { items } of touched.slice(0, touched.count)) for (const { id } of items) ids.add(id)
  return [...ids].sort()
}

function fileName(title: string): string {
  const name = title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
  return name.slice(0, 60).replaceAll(/^-|-$/g, '') || 'replay'
}

/** What a snapshot can hold, as an expression that makes it. */
function toCode(value: unknown, indent: string): string {
  if (value instanceof Date) return `new Date(${JSON.stringify(value.toISOString())})`
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(', ')})`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((each) => toCode(each, inner))
    : Object.entries(value as AnySnapshot).map(([key, each]) => `${keyCode(key)}: ${toCode(each, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return `${open}${close}`
  return `${open}\n${parts.map((part) => `${inner}${part},`).join('\n')}\n${indent}${close}`
}

function keyCode(key: string): string {
  // An object that is written down cannot have this key in any other way.
  if (key === '__proto__') return '["__proto__"]'
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)
}
