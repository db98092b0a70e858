/** Prints what was answered. */
import type { Question, Variant } from './question.js'

/** What came of asking one library one thing. */
export interface Asked {
  /** The name of its adapter. */
  readonly peer: string
  readonly name: string
  /** The median of all rounds; missing where there was no right answer. */
  readonly value?: number
  readonly values?: readonly number[]
  readonly more?: Readonly<Record<string, number>>
  readonly note?: string
  readonly failure?: string
  readonly versions: Readonly<Record<string, string>>
}

export interface Row {
  readonly question: Question
  readonly variant: Variant
  readonly asked: readonly Asked[]
}

/** A table for one row: everybody's figure, and how many times that of the floor and of the best peer it is. */
export function printTable({ question, variant, asked }: Row): void {
  const { unit, title } = question
  const floor = asked.find(({ peer }) => peer === 'floor')?.value
  const aims = [
    variant.target === undefined ? '' : `target ${variant.target} ${unit}`,
    variant.timesFloor === undefined ? '' : `target ${variant.timesFloor} × floor`,
  ]
  const target = aims.flatMap((aim) => (aim ? [aim + (variant.must ? ', a must' : '')] : [])).join(' and ')
  console.log([title + (variant.title ? `: ${variant.title}` : ''), target].filter(Boolean).join('  —  '))
  const best = Math.min(
    ...asked.flatMap(({ peer, value }) =>
      peer === 'floor' || peer.startsWith('ibex') || value === undefined ? [] : [value],
    ),
  )
  const most = targetOf(variant, floor)
  const lines = [['', unit, '× floor', '× best', 'rounds', '', '']]
  for (const { peer, name, value, values = [], more = {}, failure, versions } of asked) {
    const version = Object.values(versions)[0] ?? ''
    if (value === undefined) {
      lines.push([name, '–', '', '', '', version, failure ?? ''])
      continue
    }
    const ratio = (to: number | undefined): string =>
      to !== undefined && Number.isFinite(to) ? figure(value / to) : ''
    const met = peer === 'ibex' && most !== undefined ? (value <= most ? '✓' : '✗') : ''
    const further = Object.entries(more).map(([key, each]) => `${key} ${figure(each)}`)
    const spread = values.length > 1 ? `${figure(Math.min(...values))}–${figure(Math.max(...values))}` : ''
    lines.push([
      name,
      `${figure(value)}${met && ` ${met}`}`,
      ratio(floor),
      peer === 'floor' ? '' : ratio(best),
      spread,
      version,
      further.join(', '),
    ])
  }
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  for (const line of lines) {
    console.log(
      `  ${line
        .map((cell, column) =>
          column === 0 || column > 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd()}`,
    )
  }
  console.log()
}

/** What Ibex shall reach, in the question's unit; undefined where nothing is asked, or the floor is not known. */
export function targetOf({ target, timesFloor }: Variant, floor: number | undefined): number | undefined {
  return timesFloor === undefined ? target : floor === undefined ? undefined : timesFloor * floor
}

/** A number with as many digits as mean something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}
