import { useRepositoryHistory } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Editor } from './use-item.js'

export function Verify(): ReactNode {
  const history = useRepositoryHistory()
  const [said, setSaid] = useState('')
  const verify = async (): Promise<void> => {
    const { ok, commits, sealed } = await history.verify()
    setSaid(ok ? `All ${commits} commits hold; seals cover ${sealed}.` : 'The history is damaged.')
  }
  return (
    <>
      <Editor id="t-1" />
      <button onClick={() => void verify()}>Verify everything</button>
      <p role="alert">{said}</p>
    </>
  )
}
