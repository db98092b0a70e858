import { RepositoryProvider } from 'ibex-state/react'
import { type ReactNode, useState } from 'react'
import { Tasks } from './use-collection.js'

export function Projects(): ReactNode {
  const [path, setPath] = useState('/data/main')
  return (
    <>
      <div>
        {['/data/main', '/data/garden'].map((each) => (
          <button key={each} aria-pressed={each === path} onClick={() => setPath(each)}>
            {each}
          </button>
        ))}
      </div>
      <RepositoryProvider path={path}>
        <Tasks />
      </RepositoryProvider>
    </>
  )
}
