import { type ReactNode, useState } from 'react'
import type { VerificationAbout } from '../../../src/inspect/channel.js'
import { Icon } from '../look/icons.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { countNoun, countOf } from '../time/format-time.js'
import { Id } from '../value/id.js'

/** Checks every hash and signature, now. */
export function Verify(): ReactNode {
  const panel = usePanel()
  const { store, path } = useSession()
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<VerificationAbout>()
  const verify = async (): Promise<void> => {
    setBusy(true)
    await panel.act(async () => {
      setFound(await store.command('verify', { repository: path }))
    }, 'Checked.')
    setBusy(false)
  }
  return (
    <section className="card" aria-label="Verify">
      <div className="card-row">
        <p className="grow">
          <strong>Verify</strong>{' '}
          <span className="soft">every hash, signature, time and seal of {path}, as it is stored in this page.</span>
        </p>
        <button type="button" className="button" disabled={busy} onClick={() => void verify()}>
          <Icon name="seal" />
          {busy ? 'Checking …' : 'Verify now'}
        </button>
      </div>
      {found && <Result found={found} />}
    </section>
  )
}

function Result({ found }: { found: VerificationAbout }): ReactNode {
  const { ok, commits, sealed, faults } = found
  return ok ? (
    <p className="verdict good" role="status">
      <Icon name="check" /> {countNoun(commits, 'commit')} checked, nothing is wrong; seals cover {countOf(sealed)}.
    </p>
  ) : (
    <div className="verdict-box" role="alert">
      <p className="verdict bad">
        <Icon name="warning" /> {countNoun(faults.length, 'commit')} of {countOf(commits)}{' '}
        {faults.length === 1 ? 'does' : 'do'} not hold.
      </p>
      <ul className="names">
        {faults.slice(0, 20).map(({ commit, code, message }) => (
          <li key={commit}>
            <Id id={commit} label="commit" /> <span className="badge is-bad">{code}</span> {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
