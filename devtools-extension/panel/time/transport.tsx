/** What plays history, and where it is. */
import { memo, type ReactNode, useEffect } from 'react'
import type { Live } from '../../../src/inspect/live.js'
import { Icon, type IconName } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { PACES, type Pace } from '../state/player.js'
import type { Open, RepositorySession } from '../state/repository-session.js'
import { goToBegin, step } from '../state/steps.js'
import { useLive } from '../state/use-live.js'
import { useShown, useShownEntry } from '../state/use-shown.js'
import { EntryAuthor } from '../value/author.js'
import { countOf, dayOf, exactClockOf } from './format-time.js'

export function Transport({ open }: { open: Open }): ReactNode {
  const shown = useShown(open)
  const entry = useShownEntry(open, shown)
  const { position, of, time } = shown.place
  return (
    <div className="bar transport" role="group" aria-label="Playback">
      <Tool {...FIRST} off={position === 0} />
      <Tool {...PREVIOUS} off={position === 0} />
      <PlayButton off={of === 0} />
      <Tool {...NEXT} off={shown.live} />
      <Tool {...LAST} off={shown.live} />
      <PacePicker />
      <LoopButton />
      <span className="position" title="Actions up to the shown moment, of all">
        {countOf(position)} <span className="faint">of {countOf(of)}</span>
      </span>
      <LiveSign live={shown.live} />
      {time > 0 && (
        <time className="when">
          <span className="day">{dayOf(time)} </span>
          {exactClockOf(time)}
        </time>
      )}
      {entry && (
        <span className="who clip">
          <EntryAuthor kind={entry.kind} by={entry.by} />
          {entry.label !== undefined && <span className="clip soft">“{entry.label}”</span>}
        </span>
      )}
      <span className="grow" />
      <DriveButton />
    </div>
  )
}

const LiveSign = memo(function LiveSign({ live }: { live: boolean }): ReactNode {
  return live ? (
    <span className="badge live-sign is-good" title="What is shown is the present, and follows it">
      <span className="dot" />
      live
    </span>
  ) : (
    <span className="badge live-sign" title="What is shown is the past; End goes back to the present">
      past
    </span>
  )
})

interface ToolProps {
  readonly icon: IconName
  readonly label: string
  readonly keys: string
  readonly run: (session: RepositorySession) => void
}

const FIRST: ToolProps = { icon: 'first', label: 'To the beginning', keys: 'Home', run: goToBegin }
const PREVIOUS: ToolProps = {
  icon: 'previous',
  label: 'One action back',
  keys: '←',
  run: (session) => step(session, -1),
}
const NEXT: ToolProps = { icon: 'next', label: 'One action on', keys: '→', run: (session) => step(session, 1) }
const LAST: ToolProps = { icon: 'last', label: 'Back to live', keys: 'End', run: (session) => session.goLive() }

// What stands around the moment need not be drawn again for each that passes by.
const Tool = memo(function Tool({ icon, label, keys, run, off }: ToolProps & { readonly off: boolean }): ReactNode {
  const session = useSession()
  return (
    // Not disabled: whoever steps to the end by this button stays on it.
    <button
      type="button"
      className="tool"
      title={`${label} (${keys})`}
      aria-label={label}
      aria-disabled={off}
      onClick={() => !off && run(session)}
    >
      <Icon name={icon} />
    </button>
  )
})

/** Says each in a notice. */
function useFailures(failure: Live<string | null>): void {
  const panel = usePanel()
  const text = useLive(failure)
  useEffect(() => {
    if (text !== null) panel.notice.set({ text, kind: 'failed' })
  }, [panel, text])
}

const PlayButton = memo(function PlayButton({ off }: { off: boolean }): ReactNode {
  const { player } = useSession()
  const playing = useLive(player.playing)
  useFailures(player.error)
  return (
    <button
      type="button"
      className="tool"
      title={playing ? 'Pause (Space)' : 'Play (Space)'}
      aria-label={playing ? 'Pause' : 'Play'}
      disabled={off}
      onClick={() => player.toggle()}
    >
      <Icon name={playing ? 'pause' : 'play'} />
    </button>
  )
})

const PacePicker = memo(function PacePicker(): ReactNode {
  const { player } = useSession()
  const pace = useLive(player.pace)
  return (
    <span className="picker">
      <select
        aria-label="Speed"
        title="Times real time, pauses shortened; or actions a second"
        value={PACES.indexOf(pace) < 0 ? 1 : PACES.indexOf(pace)}
        onChange={(event) => player.pace.set(PACES[Number(event.target.value)]!)}
      >
        {PACES.map((each, i) => (
          <option key={paceOf(each)} value={i}>
            {paceOf(each)}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  )
})

const paceOf = ({ by, speed }: Pace): string => (by === 'time' ? `${speed}×` : `${speed} a second`)

const LoopButton = memo(function LoopButton(): ReactNode {
  const { player } = useSession()
  const loop = useLive(player.loop)
  return (
    <button
      type="button"
      className="tool"
      title="Play again from the beginning of the range"
      aria-label="Loop"
      aria-pressed={loop}
      onClick={() => player.loop.set(!loop)}
    >
      <Icon name="loop" />
    </button>
  )
})

const DriveButton = memo(function DriveButton(): ReactNode {
  const { store, drive } = useSession()
  const about = useLive(store.about)
  const on = useLive(drive.on)
  useFailures(drive.error)
  if (!about) return null
  return (
    <button
      type="button"
      className="button"
      aria-pressed={on}
      disabled={!about.drivable}
      aria-label="Drive the app"
      title={
        about.drivable
          ? 'The app shows what is shown here, and writes nothing meanwhile (d)'
          : 'The app cannot show the past: wrap it in <StoreProvider>'
      }
      onClick={() => drive.toggle()}
    >
      <Icon name="drive" />
      <span className="drive-word">Drive the app</span>
    </button>
  )
})
