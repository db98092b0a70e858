/** A value, as its kind is read best: dates as dates, sets as chips, JSON as a tree, what is long folded. */
import { type ReactNode, useState } from 'react'
import { bytesOf, countNoun, momentOf } from '../time/format-time.js'
import { More, useMost } from './more.js'

/** Letters that are shown of a text before it folds. */
const FOLD = 240
/** Entries of a list or an object that are shown at once. */
const MANY = 100

export interface ValueProps {
  readonly value: unknown
  /** On one line, and cut where that ends. */
  readonly inline?: boolean
}

export function Value({ value, inline = false }: ValueProps): ReactNode {
  if (value === undefined || value === null)
    return <span className="value faint">{value === null ? 'null' : 'no value'}</span>
  if (typeof value === 'string') return inline ? <Quoted text={value} /> : <LongText text={value} />
  if (typeof value === 'number' || typeof value === 'bigint')
    return <span className="value is-number">{String(value)}</span>
  if (typeof value === 'boolean') return <span className="value is-word">{String(value)}</span>
  if (isDate(value)) return <time className="value is-number">{momentOf(value.getTime())}</time>
  if (value instanceof Uint8Array) return <span className="value faint">{bytesOf(value.length)} of bytes</span>
  if (Array.isArray(value) && value.every(isPlain)) return <Chips values={value} inline={inline} />
  return inline ? <span className="value clip">{JSON.stringify(value)}</span> : <Tree value={value} />
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null || isDate(value)

/** A date of another window, or a store's frozen one, is no instance of this window's `Date`. */
export function isDate(value: unknown): value is Date {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Date>).getTime === 'function'
}

function Quoted({ text }: { text: string }): ReactNode {
  return <span className="value is-string clip">“{text.length > FOLD ? `${text.slice(0, FOLD)}…` : text}”</span>
}

function LongText({ text }: { text: string }): ReactNode {
  const [open, setOpen] = useState(false)
  const isLong = text.length > FOLD
  return (
    <span className="value is-string is-text">
      “{isLong && !open ? `${text.slice(0, FOLD)}…` : text}”
      {isLong && (
        <button type="button" className="link" onClick={() => setOpen(!open)}>
          {open ? 'Fold' : `Show all ${text.length.toLocaleString('en')} letters`}
        </button>
      )}
    </span>
  )
}

function Chips({ values, inline }: { values: readonly unknown[]; inline: boolean }): ReactNode {
  const [open, setOpen] = useState(false)
  if (values.length === 0) return <span className="value faint">empty</span>
  const most = open ? Infinity : inline ? 6 : 30
  return (
    <span className="chips" data-inline={inline}>
      {values.slice(0, most).map((each) => (
        <Chip key={JSON.stringify(each)} value={each} />
      ))}
      {values.length > most &&
        (inline ? (
          <span className="faint">+{values.length - most}</span>
        ) : (
          <button type="button" className="link" onClick={() => setOpen(true)}>
            {countNoun(values.length - most, 'more', 'more')}
          </button>
        ))}
    </span>
  )
}

/** What is in a set. */
export function Chip({ value, kind }: { value: unknown; kind?: 'added' | 'removed' }): ReactNode {
  return (
    <span className="chip" data-kind={kind}>
      {kind && <span aria-label={kind}>{kind === 'added' ? '+' : '−'}</span>}
      {plainText(value)}
    </span>
  )
}

/** A value in one line of text. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined) return 'no value'
  if (isDate(value)) return momentOf(value.getTime())
  return JSON.stringify(value)
}

function Tree({ value }: { value: unknown }): ReactNode {
  const entries = Object.entries(value as object)
  const [most, more] = useMost(MANY)
  if (entries.length === 0) return <span className="value faint">{Array.isArray(value) ? '[ ]' : '{ }'}</span>
  return (
    <ul className="tree">
      {entries.slice(0, most).map(([key, each]) => (
        <li key={key}>
          {isPlain(each) ? (
            <>
              <span className="tree-key">{key}</span> <Value value={each} />
            </>
          ) : (
            <details open={entries.length < 8}>
              <summary>
                <span className="tree-key">{key}</span>{' '}
                <span className="faint">
                  {Array.isArray(each) ? `[${each.length}]` : `{${Object.keys(each as object).length}}`}
                </span>
              </summary>
              <Value value={each} />
            </details>
          )}
        </li>
      ))}
      {entries.length > most && (
        <li>
          <More left={entries.length - most} noun="more" many="more" onMore={more} />
        </li>
      )}
    </ul>
  )
}
