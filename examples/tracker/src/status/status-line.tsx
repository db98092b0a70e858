/** The line at the bottom: how this device stands with the others. Quiet, as long as nothing needs saying. */
import type { Status } from 'ibex-state'
import { toggleDevtools } from 'ibex-state/devtools'
import { useStatus, useStore } from 'ibex-state/react'
import type { ReactNode } from 'react'
import { switchOffline } from '../commands/commands.js'
import { personOf } from '../data/people.js'
import { closeFilm, film, openFilm } from '../film/film.js'
import { Avatar } from '../look/avatar.js'
import { Icon } from '../look/icons.js'
import { switchTheme } from '../look/theme.js'
import { useCell } from '../shell/cell.js'
import { overlay } from '../shell/overlay.js'
import { me, openSecondWindow } from '../shell/session.js'

const CONNECTIONS: Readonly<Record<Status['connection'], string>> = {
  local: 'This device only',
  connecting: 'Connecting…',
  online: 'Online',
  offline: 'Offline',
  refused: 'Refused by the server',
}

const STORAGES: Readonly<Record<Status['storageMode'], string>> = {
  opening: 'Opening…',
  opfs: 'OPFS',
  indexeddb: 'IndexedDB',
  memory: 'Memory only',
  file: 'File',
}

export function StatusLine(): ReactNode {
  const { name } = personOf(me)
  return (
    <footer className="status-line">
      <ConnectionSwitch />
      <Pending />
      <Problems />
      <span className="grow" />
      <Storage />
      <FilmButton />
      <button type="button" title="Open as somebody else in a second window (⇧N)" onClick={openSecondWindow}>
        <Icon name="window" />
        Second user
      </button>
      <button type="button" title="What happened to the data (⌥⇧I)" onClick={toggleDevtools}>
        <Icon name="graph" />
        Devtools
      </button>
      <button type="button" aria-label="Light or dark" title="Light or dark (T)" onClick={switchTheme}>
        <Icon name="sun" />
      </button>
      <button
        type="button"
        aria-label="Keyboard help"
        title="Keyboard help (?)"
        onClick={() => overlay.set({ kind: 'help' })}
      >
        <Icon name="help" />
      </button>
      <span className="status-me" title={`You are ${name}`}>
        <Avatar id={me} />
      </span>
    </footer>
  )
}

function FilmButton(): ReactNode {
  const isOpen = useCell(film, (shown) => shown.isOpen)
  return (
    <button
      type="button"
      aria-pressed={isOpen}
      title="Look at any moment of the past (⇧H)"
      onClick={isOpen ? closeFilm : openFilm}
    >
      <Icon name="clock" />
      Time travel
    </button>
  )
}

function ConnectionSwitch(): ReactNode {
  const store = useStore()
  const connection = useStatus((status) => status.connection)
  const message = useStatus((status) => status.error?.message)
  return (
    <>
      <span className={`connection is-${connection}`} role="status" title={message}>
        <span className="connection-dot" />
        {CONNECTIONS[connection]}
      </span>
      {connection !== 'local' && (
        <button
          type="button"
          className="switch"
          role="switch"
          aria-checked={connection !== 'offline'}
          aria-label="Network"
          title={connection === 'offline' ? 'Go online' : 'Go offline'}
          onClick={() => switchOffline(store)}
        >
          <span />
        </button>
      )}
    </>
  )
}

function Pending(): ReactNode {
  const pending = useStatus((status) => status.pending)
  const isComplete = useStatus((status) => status.complete)
  if (pending > 0) return <span className="pending">{pending.toLocaleString('en')} to send</span>
  return <span className="pending">{isComplete ? 'All saved' : 'Saved here'}</span>
}

function Storage(): ReactNode {
  const mode = useStatus((status) => status.storageMode)
  const peers = useStatus((status) => status.peers)
  return (
    <span className="storage" title="Where the data lies on this device, and how many connections bring changes">
      {STORAGES[mode]}
      {peers > 0 && (
        <>
          <span className="between" aria-hidden="true" />
          {peers === 1 ? '1 peer' : `${peers} peers`}
        </>
      )}
    </span>
  )
}

function Problems(): ReactNode {
  const problems = useStatus((status) => status.problems)
  if (problems.length === 0) return null
  return (
    <span className="problems" title={problems.map(({ message }) => message).join('\n')}>
      <Icon name="warning" />
      {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
    </span>
  )
}
