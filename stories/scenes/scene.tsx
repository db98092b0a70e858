/** Sets a stage, and shows what is made of it once it is set. */
import { type ReactNode, useEffect, useState } from 'react'
import type { Recording, Stage } from './stage.js'

export interface SceneProps {
  readonly recording: Recording
  readonly children: (stage: Stage) => ReactNode
}

export function Scene({ recording, children }: SceneProps): ReactNode {
  const [stage, setStage] = useState<Stage | Error>()
  useEffect(() => {
    let left = false
    let opened: Stage | undefined
    recording().then(
      (made) => {
        opened = made
        if (left) made.close()
        else setStage(made)
      },
      (error: unknown) => {
        if (!left) setStage(error instanceof Error ? error : new Error(String(error)))
      },
    )
    return () => {
      left = true
      opened?.close()
    }
  }, [recording])
  if (stage instanceof Error) throw stage
  return stage ? children(stage) : null
}
