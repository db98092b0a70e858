/** Finds the action that spoiled something: by hand, or by an expression that held before and does not hold now. */
import { type ReactNode, useEffect, useReducer, useState } from 'react'
import type { Bisection, Moment, TimelineEntry } from '../../../src/index.js'
import { ACTION_DETAIL } from '../detail/action-detail.js'
import { WithDetail } from '../frame/with-detail.js'
import { Note } from '../frame/note.js'
import { Icon } from '../look/icons.js'
import { messageOf } from '../state/message-of.js'
import { useOpen, useSession } from '../state/panel-context.js'
import type { Open } from '../state/repository-session.js'
import { useLive } from '../state/use-live.js'
import { countNoun, momentOf } from '../time/format-time.js'
import { summaryOf } from '../timeline/entry-text.js'
import { EXAMPLES, readExpression } from './expression.js'

export function BisectView(): ReactNode {
  const open = useOpen()
  useLive(open.version)
  if (open.actions.count === 0)
    return <Note title="Nothing is recorded yet.">What spoiled something can be found once there are actions.</Note>
  return <Bisect open={open} />
}

function Bisect({ open }: { open: Open }): ReactNode {
  const session = useSession()
  const [good, setGood] = useState<Moment | null>(null)
  const [bad, setBad] = useState<Moment | null>(null)
  const [search, setSearch] = useState<Bisection | null>(null)
  const [found, setFound] = useState<TimelineEntry | 'nothing' | null>(null)
  const [problem, setProblem] = useState<string>()
  useEffect(() => () => search?.close(), [search])
  const ends = { ...(good !== null && { good }), ...(bad !== null && { bad }) }

  return (
    <WithDetail detail={ACTION_DETAIL}>
      <div className="view is-page">
        <p className="page-line soft">
          Somewhere between a moment at which all was well and one at which it was not, an action spoiled it. Half of
          what is between is ruled out at a time.
        </p>
        <section className="card" aria-label="Between">
          <End label="Good" kind="good" moment={good} fallback="the beginning" open={open} onChange={setGood} />
          <End label="Bad" kind="bad" moment={bad} fallback="now" open={open} onChange={setBad} />
        </section>
        {search ? (
          <ByHand
            search={search}
            onEnd={(entry) => {
              setSearch(null)
              setFound(entry)
            }}
          />
        ) : (
          <section className="card" aria-label="By hand">
            <div className="card-row">
              <p className="grow">
                <strong>By hand</strong>{' '}
                <span className="soft">look at a moment, say whether it is good or bad, and so on.</span>
              </p>
              <button
                type="button"
                className="button is-main"
                onClick={() => {
                  try {
                    const made = open.history.bisection(ends)
                    setProblem(undefined)
                    setFound(null)
                    setSearch(made)
                    session.show(made.past.moment)
                  } catch (error) {
                    setProblem(messageOf(error))
                  }
                }}
              >
                Begin
              </button>
            </div>
            {problem !== undefined && (
              <p className="bad" role="alert">
                {problem}
              </p>
            )}
          </section>
        )}
        {!search && <ByExpression open={open} ends={ends} onFound={(entry) => setFound(entry ?? 'nothing')} />}
        {found && <Found found={found} />}
      </div>
    </WithDetail>
  )
}

interface EndProps {
  readonly label: string
  readonly kind: 'good' | 'bad'
  readonly moment: Moment | null
  readonly fallback: string
  readonly open: Open
  readonly onChange: (moment: Moment | null) => void
}

function End({ label, kind, moment, fallback, open, onChange }: EndProps): ReactNode {
  const session = useSession()
  const shown = useLive(session.shown)
  return (
    <div className="card-row">
      <span className={`badge is-${kind}`}>
        <Icon name={kind === 'good' ? 'check' : 'refused'} />
        {label}
      </span>
      <span className="grow">{moment === null ? fallback : momentOf(open.history.place(moment).time)}</span>
      {moment !== null && (
        <button type="button" className="link" onClick={() => onChange(null)}>
          {fallback}
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={shown === null || shown === moment}
        onClick={() => onChange(shown)}
      >
        Use the shown moment
      </button>
    </div>
  )
}

function ByHand({ search, onEnd }: { search: Bisection; onEnd: (found: TimelineEntry | null) => void }): ReactNode {
  const session = useSession()
  const [, redraw] = useReducer((n: number) => n + 1, 0)

  const judge = (verdict: 'good' | 'bad' | 'skip'): void => {
    search[verdict]()
    const { found } = search
    if (found) {
      session.pick(found)
      onEnd(found)
      return
    }
    session.show(search.past.moment)
    redraw()
  }
  const { left, suspects } = search
  return (
    <section className="card" aria-label="By hand">
      <p role="status">
        {suspects.length > 0 ? (
          <>
            All that is left was skipped: it is one of {countNoun(suspects.length, 'action')}. Judge one of them after
            all, or stop.
          </>
        ) : (
          <>
            <strong>Is it good at this moment?</strong>{' '}
            <span className="soft">
              About {countNoun(questionsFor(left), 'more question', 'more questions')} for {countNoun(left, 'moment')}.
              Drive the app to see it there.
            </span>
          </>
        )}
      </p>
      <div className="detail-buttons">
        <button type="button" className="button" onClick={() => judge('good')}>
          <Icon name="check" />
          Good
        </button>
        <button type="button" className="button" onClick={() => judge('bad')}>
          <Icon name="refused" />
          Bad
        </button>
        <button type="button" className="button" onClick={() => judge('skip')}>
          Cannot say
        </button>
        <span className="grow" />
        <button type="button" className="button" onClick={() => onEnd(null)}>
          Stop
        </button>
      </div>
    </section>
  )
}

/** Each answer rules out half. */
const questionsFor = (moments: number): number => Math.ceil(Math.log2(moments + 1))

interface ByExpressionProps {
  readonly open: Open
  readonly ends: { readonly good?: Moment; readonly bad?: Moment }
  readonly onFound: (entry: TimelineEntry | undefined) => void
}

function ByExpression({ open, ends, onFound }: ByExpressionProps): ReactNode {
  const session = useSession()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)

  const find = async (): Promise<void> => {
    setProblem(undefined)
    setBusy(true)
    // So that it can be seen that it has begun.
    await new Promise((resolve) => setTimeout(resolve))
    try {
      const holds = readExpression(text, open.schemas)
      const found = open.history.bisect((past) => Boolean(holds(past)), ends)
      if (found) session.pick(found)
      onFound(found)
    } catch (error) {
      setProblem(messageOf(error))
    }
    setBusy(false)
  }
  return (
    <section className="card" aria-label="By an expression">
      <form
        className="editor is-tall"
        onSubmit={(event) => {
          event.preventDefault()
          void find()
        }}
      >
        <label className="editor-row">
          <span>
            <strong>By an expression</strong> <span className="soft">that is true as long as all is well.</span>
          </span>
          <input
            className="field mono"
            spellCheck={false}
            autoComplete="off"
            placeholder={EXAMPLES[1]}
            value={text}
            aria-invalid={problem !== undefined}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {problem !== undefined && (
          <p className="bad" role="alert">
            {problem}
          </p>
        )}
        <span className="editor-buttons">
          <button type="submit" className="button is-main" disabled={text.trim() === '' || busy}>
            {busy ? 'Looking …' : 'Find it'}
          </button>
          <span className="faint mono clip">{EXAMPLES[2]}</span>
        </span>
      </form>
    </section>
  )
}

function Found({ found }: { found: TimelineEntry | 'nothing' }): ReactNode {
  const session = useSession()
  if (found === 'nothing')
    return (
      <p className="verdict soft" role="status">
        At the bad end it holds too: nothing spoiled it.
      </p>
    )
  return (
    <p className="verdict" role="status">
      <Icon name="warning" />
      <span>
        The first bad action:{' '}
        <button type="button" className="link" onClick={() => session.pick(found)}>
          {found.label ?? summaryOf(found)}
        </button>{' '}
        by {found.by}, {momentOf(found.at)}
      </span>
    </p>
  )
}
