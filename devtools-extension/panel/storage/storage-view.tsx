/** Where the data lies, and whether it is whole. */
import type { ReactNode } from 'react'
import type { LogAbout, StorageAbout } from '../../../src/inspect/topics.js'
import { Note } from '../frame/note.js'
import { Icon } from '../look/icons.js'
import { useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { bytesOf, countNoun, countOf } from '../time/format-time.js'
import { Backup } from './backup.js'
import { Clear } from './clear.js'
import { OpenRecording } from './open-recording.js'
import { Recordings } from './recordings.js'
import { Verify } from './verify.js'

export function StorageView(): ReactNode {
  const { store } = useSession()
  const storage = useLive(store.storage)
  const { state } = useLive(store.standing)
  if (state === 'recorded') return <RecordingAlone />
  if (!storage) return <Note busy title="Asking the page …" />
  return (
    <div className="view is-page">
      <Where storage={storage} />
      <Logs logs={storage.logs} />
      <Verify />
      <Recordings />
      <Backup />
      <Clear />
    </div>
  )
}

function RecordingAlone(): ReactNode {
  return (
    <Note title="This is a recording.">
      It lies in a file. Every hash and signature in it was checked when it was opened.
      <p>
        <OpenRecording />
      </p>
    </Note>
  )
}

const MODES: Readonly<Record<string, string>> = {
  opfs: 'files of this origin (OPFS)',
  indexeddb: 'IndexedDB: this browser has no OPFS here',
  memory: 'memory only: gone when the page is',
  file: 'files',
  opening: 'opening …',
}

function Where({ storage }: { storage: StorageAbout }): ReactNode {
  const { mode, persisted, keyExtractable, usage, quota } = storage
  return (
    <dl className="facts">
      <dt>Where</dt>
      <dd>{MODES[mode] ?? mode}</dd>
      {mode !== 'memory' && (
        <>
          <dt>Kept</dt>
          <dd>
            {persisted ? (
              <span className="good">
                <Icon name="check" /> the browser promised not to evict it
              </span>
            ) : (
              <span className="wait">
                <Icon name="warning" /> the browser may evict it when room is short
              </span>
            )}
          </dd>
        </>
      )}
      <dt>Signing key</dt>
      <dd>
        {keyExtractable ? (
          <span className="wait">
            <Icon name="warning" /> readable by scripts of the page
          </span>
        ) : (
          'not readable by scripts'
        )}
      </dd>
      {usage !== null && (
        <>
          <dt>Origin</dt>
          <dd>
            {bytesOf(usage)}
            {quota !== null && <span className="faint"> of {bytesOf(quota)}</span>}
          </dd>
        </>
      )}
    </dl>
  )
}

function Logs({ logs }: { logs: readonly LogAbout[] }): ReactNode {
  if (logs.length === 0)
    return <p className="page-line soft">The logs lie with another tab, or nowhere: this store is in memory.</p>
  return (
    <section className="card" aria-label="Logs">
      <table className="table is-figures">
        <thead>
          <tr>
            <th scope="col">Repository</th>
            <th scope="col" data-align="end">
              Size
            </th>
            <th scope="col" data-align="end">
              Segments
            </th>
            <th scope="col" data-align="end">
              Frames
            </th>
            <th scope="col">Keyframe</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <tr key={log.path}>
              <td className="mono">{log.path}</td>
              <td data-align="end">{bytesOf(log.bytes)}</td>
              <td data-align="end">{countOf(log.segments)}</td>
              <td data-align="end">{countOf(log.frames)}</td>
              <td className="mono">
                {log.keyframe ? (
                  <span title={log.keyframe.name}>{bytesOf(log.keyframe.bytes)}</span>
                ) : (
                  <span className="faint">none yet</span>
                )}
              </td>
              <td>
                <State log={log} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {logs.flatMap(({ path, damage }) =>
        damage.map(({ kind, segment, offset, bytes, records }) => (
          <p key={`${path} ${segment} ${offset}`} className="bad">
            {path}: {kind} in segment {segment} at byte {countOf(offset)}, {bytesOf(bytes)}, about{' '}
            {countNoun(records, 'record')}. What verifies is kept, peers supply the rest.
          </p>
        )),
      )}
    </section>
  )
}

function State({ log: { damage, error } }: { log: LogAbout }): ReactNode {
  if (error)
    return (
      <span className="bad" title={error.message}>
        <Icon name="refused" /> {error.code}
      </span>
    )
  if (damage.length > 0)
    return (
      <span className="bad">
        <Icon name="warning" /> {countNoun(damage.length, 'damaged place')}
      </span>
    )
  return (
    <span className="good">
      <Icon name="check" /> whole
    </span>
  )
}
