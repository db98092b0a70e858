/** What an action did to a field, by the kind of what was done. */
import { diffWordsWithSpace } from 'diff'
import { type ReactNode, useMemo, useState } from 'react'
import type { FieldChange } from '../../../src/index.js'
import { countNoun } from '../time/format-time.js'
import { changedPaths } from './json-change.js'
import { Chip, Value } from './value.js'

export type ShownChange = Pick<FieldChange, 'did' | 'from' | 'to' | 'key'>

/** Longer texts are shown whole, one below the other: comparing them word by word takes too long. */
const MOST_COMPARED = 20_000
/** Shorter ones are read at a glance. */
const LEAST_COMPARED = 24
/** So many changed places of a JSON value are listed at once. */
const MOST_PATHS = 20

export function Change({ change }: { change: ShownChange }): ReactNode {
  const { did, from, to, key } = change
  const before = key === undefined ? null : <span className="tree-key">{key} </span>
  switch (did) {
    case 'create':
      return <span className="soft">created</span>
    case 'delete':
      return <span className="soft">deleted</span>
    case 'restore':
      return <span className="soft">restored</span>
    case 'count':
      return <Counted from={from} to={to} />
    case 'add':
    case 'remove':
      return <Members from={from} to={to} />
    default:
      return (
        <span className="change">
          {before}
          {typeof from === 'string' && typeof to === 'string' && isWorthComparing(from, to) ? (
            <WordDiff from={from} to={to} />
          ) : (
            <Became from={from} to={to} />
          )}
        </span>
      )
  }
}

/** Of JSON, what of it changed. */
function Became({ from, to }: { from: unknown; to: unknown }): ReactNode {
  const [all, setAll] = useState(false)
  const paths = useMemo(() => changedPaths(from, to), [from, to])
  if (!paths) return <FromTo from={from} to={to} />
  const shown = all ? paths : paths.slice(0, MOST_PATHS)
  return (
    <span className="paths">
      {shown.map((each) => (
        <span key={each.path}>
          <span className="tree-key">{each.path} </span>
          {each.to === undefined ? <Gone value={each.from} /> : <FromTo from={each.from} to={each.to} />}
        </span>
      ))}
      {paths.length > shown.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {countNoun(paths.length - shown.length, 'more', 'more')}
        </button>
      )}
    </span>
  )
}

function Gone({ value }: { value: unknown }): ReactNode {
  return (
    <del>
      <Value value={value} inline />
    </del>
  )
}

/** The same on one line. */
export function ShortChange({ change: { did, from, to, key } }: { change: ShownChange }): ReactNode {
  if (did === 'count') return <Counted from={from} to={to} />
  if (did === 'add' || did === 'remove') return <Members from={from} to={to} />
  return (
    <>
      {key !== undefined && <span className="tree-key">{key}</span>}
      <Value value={to} inline />
    </>
  )
}

const isWorthComparing = (from: string, to: string): boolean =>
  Math.max(from.length, to.length) > LEAST_COMPARED &&
  Math.min(from.length, to.length) > 0 &&
  from.length + to.length < MOST_COMPARED

export function FromTo({ from, to }: { from: unknown; to: unknown }): ReactNode {
  return (
    <span className="from-to">
      {from !== undefined && (
        <>
          <span className="from">
            <Value value={from} />
          </span>
          <span className="arrow" aria-label="became">
            →
          </span>
        </>
      )}
      <span className="to">
        <Value value={to} />
      </span>
    </span>
  )
}

/** Words that went are struck out, words that came are marked. */
export function WordDiff({ from, to }: { from: string; to: string }): ReactNode {
  const parts = useMemo(() => diffWordsWithSpace(from, to), [from, to])
  return (
    <span className="word-diff">
      {parts.map(({ value, added, removed }, i) => {
        const key = `${i}${value}`
        if (added) return <ins key={key}>{value}</ins>
        if (removed) return <del key={key}>{value}</del>
        return <span key={key}>{value.length > 120 ? `${value.slice(0, 50)} … ${value.slice(-50)}` : value}</span>
      })}
    </span>
  )
}

function Counted({ from, to }: { from: unknown; to: unknown }): ReactNode {
  const by = Number(to) - Number(from ?? 0)
  return (
    <span className="value is-number">
      {by < 0 ? `−${-by}` : `+${by}`} <span className="faint">→ {String(to)}</span>
    </span>
  )
}

/** A set shows what came and what went. */
function Members({ from, to }: { from: unknown; to: unknown }): ReactNode {
  const before = Array.isArray(from) ? (from as unknown[]) : []
  const after = Array.isArray(to) ? (to as unknown[]) : []
  const had = new Set(before.map((each) => JSON.stringify(each)))
  const has = new Set(after.map((each) => JSON.stringify(each)))
  return (
    <span className="chips">
      {before
        .filter((each) => !has.has(JSON.stringify(each)))
        .map((each) => (
          <Chip key={JSON.stringify(each)} value={each} kind="removed" />
        ))}
      {after
        .filter((each) => !had.has(JSON.stringify(each)))
        .map((each) => (
          <Chip key={JSON.stringify(each)} value={each} kind="added" />
        ))}
    </span>
  )
}
