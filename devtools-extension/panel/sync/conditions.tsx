import { type ReactNode, useState } from 'react'
import type { SyncAbout } from '../../../src/inspect/topics.js'
import { Icon } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'

/** How networks are, roughly. */
const KINDS: readonly (readonly [name: string, delay: number, loss: number])[] = [
  ['as it is', 0, 0],
  ['fast mobile', 60, 0],
  ['slow mobile', 300, 0.02],
  ['train', 800, 0.1],
]

/** The network made worse, until this panel is closed. */
export function Conditions({ sync }: { sync: SyncAbout }): ReactNode {
  const panel = usePanel()
  const { store } = useSession()
  const { offline, conditions } = sync
  const [delay, setDelay] = useState(String(conditions.delay))
  const [loss, setLoss] = useState(String(Math.round(conditions.loss * 100)))

  const impose = (ms: number, part: number): void => {
    setDelay(String(ms))
    setLoss(String(Math.round(part * 100)))
    void panel.act(
      () => store.command('setConditions', { delay: ms, loss: part }),
      ms === 0 && part === 0 ? 'The network is as it is.' : 'The network is worse, as long as this panel is open.',
    )
  }
  const typed = (): void => impose(Math.max(0, Number(delay) || 0), Math.max(0, Math.min(100, Number(loss) || 0)) / 100)

  return (
    <div className="bar conditions" role="group" aria-label="Network conditions">
      <button
        type="button"
        role="switch"
        className="button"
        aria-checked={offline}
        onClick={() =>
          void panel.act(
            () => store.command('setOffline', { offline: !offline }),
            offline ? 'The store is online again.' : 'The store is cut off from its server.',
          )
        }
      >
        <Icon name="offline" />
        Offline
      </button>
      <label className="picker">
        <span className="picker-label">Network</span>
        <select
          value={KINDS.findIndex(([, ms, part]) => ms === conditions.delay && part === conditions.loss)}
          onChange={(event) => {
            const kind = KINDS[Number(event.target.value)]
            if (kind) impose(kind[1], kind[2])
          }}
        >
          {KINDS.map(([name], i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
          <option value={-1} disabled>
            as set
          </option>
        </select>
        <Icon name="down" />
      </label>
      <form
        className="conditions-form"
        onSubmit={(event) => {
          event.preventDefault()
          typed()
        }}
      >
        <label>
          Delay{' '}
          <input
            className="field"
            inputMode="numeric"
            size={4}
            value={delay}
            onChange={(event) => setDelay(event.target.value)}
          />{' '}
          ms
        </label>
        <label>
          Loss{' '}
          <input
            className="field"
            inputMode="numeric"
            size={3}
            value={loss}
            onChange={(event) => setLoss(event.target.value)}
          />{' '}
          %
        </label>
        <button type="submit" className="button">
          Apply
        </button>
      </form>
    </div>
  )
}
