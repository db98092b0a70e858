/** "Copy as test": a recorded range as the text of a test, which opens the recording and holds how it was at both ends. */
import type { Moment } from '../history/moment.js'
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

/** Moments of a recording. */
export interface ReplaySpan {
  readonly from: Moment
  readonly to: Moment
}

/** What may be asked for besides, by whoever has the file already. */
export interface ReplayTestOptions extends Pick<CopyAsTestOptions, 'schemas'> {
  /** Default: the recording's. */
  readonly title?: string | undefined
  /** Of which part of the recording it shall be. Default: all of it. */
  readonly span?: ReplaySpan | undefined
  /** Digits of base64 that may stand in the code. Default: as many as one likes to see there. */
  readonly inline?: number | undefined
}

/** Digits of base64 that may stand in a test which somebody keeps as files. */
const INLINE = 8 * 1024
/** So many items of a state are compared; of a larger one those that the range changed. */
const MANY = 100

/** Of a file as it was recorded. `given`: the schemas by which the app shows its items. */
export async function writeReplayTest(
  file: Uint8Array,
  given: readonly AnySchema[] | undefined,
  { schemas: statement, title: wanted, span, inline = INLINE }: ReplayTestOptions,
  ports: ReplayPorts,
): Promise<ReplayTest> {
  const schemas = statement === undefined ? undefined : given
  const replay = await openReplayFile(file, { schemas }, ports)
  try {
    const title = wanted || replay.info.title || `what happened in ${replay.info.repository}`
    const name = `${fileName(title)}.ibexreplay`
    const digits = toBase64(file)
    const isSmall = digits.length <= inline
    const { from, to } = span ?? replay
    const [fromCode, toCode] = span
      ? [from, to].map((moment) => `replay.history.moment('${moment}')`)
      : ['replay.from', 'replay.to']
    const ids = idsToCompare(replay, { from, to })
    const only = ids ? JSON.stringify(ids) : ''
    const states = [from, to].map((moment) => {
      replay.seek(moment)
      return codeOf(replay.items(ids), '  ')
    })
    const code = `${[
      ...(isSmall ? [] : ["import { readFile } from 'node:fs/promises'"]),
      "import { expect, test } from 'vitest'",
      "import { openReplay } from 'ibex-state/testing'",
      ...(statement === undefined ? [] : [statement]),
      '',
      ...(isSmall ? [`const file =\n  '${digits}'`, ''] : []),
      `test(${JSON.stringify(title)}, async () => {`,
      ...(isSmall ? [] : [`  const file = await readFile(new URL('./${name}', import.meta.url))`]),
      `  const replay = await openReplay(file${statement === undefined ? '' : ', { schemas }'})`,
      '',
      `  // Before. To go on from here in another way: const store = replay.fork(${fromCode})`,
      `  replay.seek(${fromCode})`,
      `  expect(replay.items(${only})).toEqual(${states[0]})`,
      '',
      '  // After.',
      `  replay.seek(${toCode})`,
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
function idsToCompare(replay: Replay, { from, to }: ReplaySpan): string[] | undefined {
  const count = (): number => Object.values(replay.items()).reduce((sum, items) => sum + items.length, 0)
  replay.seek(to)
  if (count() <= MANY) {
    replay.seek(from)
    if (count() <= MANY) return undefined
  }
  const touched = replay.history.timeline({ since: from, until: to })
  const ids = new Set<string>()
  for (const { items } of touched.slice(0, touched.count)) for (const { id } of items) ids.add(id)
  return [...ids].sort()
}

function fileName(title: string): string {
  const name = title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
  return name.slice(0, 60).replaceAll(/^-|-$/g, '') || 'replay'
}

/** What a snapshot can hold, as an expression that makes it. */
function codeOf(value: unknown, indent: string): string {
  if (value instanceof Date) return `new Date(${JSON.stringify(value.toISOString())})`
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(', ')})`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((each) => codeOf(each, inner))
    : Object.entries(value as AnySnapshot).map(([key, each]) => `${keyCode(key)}: ${codeOf(each, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return `${open}${close}`
  return `${open}\n${parts.map((part) => `${inner}${part},`).join('\n')}\n${indent}${close}`
}

function keyCode(key: string): string {
  // An object that is written down cannot have this key in any other way.
  if (key === '__proto__') return '["__proto__"]'
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)
}
