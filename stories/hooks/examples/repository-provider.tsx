import { RepositoryProvider } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../scenes/choice.js'
import { Tasks } from './use-collection.js'

export function Projects(): ReactNode {
  const [path, setPath] = useState('/data/main')
  return (
    <>
      <Choice of={['/data/main', '/data/garden']} chosen={path} onChoose={setPath} />
      <RepositoryProvider path={path}>
        <Tasks />
      </RepositoryProvider>
    </>
  )
}
