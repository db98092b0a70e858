import { useRepositoryHistory } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../scenes/choice.js'
import { Editor } from './use-item.js'

export function Verify(): ReactNode {
  const [path, setPath] = useState('/data/main')
  const history = useRepositoryHistory({ in: path })
  const [said, setSaid] = useState('')
  const verify = async (): Promise<void> => {
    const { ok, commits, sealed } = await history.verify()
    setSaid(ok ? `${path}: ${commits} of ${commits} commits hold; seals cover ${sealed}.` : `${path} is damaged.`)
  }
  return (
    <>
      <Choice of={['/data/main', '/data/garden']} chosen={path} onChoose={setPath} />
      <button onClick={() => void verify()}>Verify everything</button>
      <p role="alert">{said}</p>
      <Editor id="t-1" />
    </>
  )
}
