import { formatIpv4, type Ipv4Address } from '../../wire/address.ts'
import type { Answer, Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { told } from '../step.ts'
import { leftOverSteps } from './fabric.ts'
import { originators, otherOwner, poolSteps, waitingServices } from './nearest.ts'
import { serviceGates } from './service-gates.ts'
import { listText } from './step.ts'
import { placeOf, type Subject, serviceKey } from './subject.ts'

/** What is nearest to an address that no service has or asks for: its owner, who waits for one, pools, networks. */
export function absentAnswer(question: Question, asked: string, address: Ipv4Address): Answer {
  const text = formatIpv4(address)
  const clusters = [...question.lab.clusters.values()]
  const owner = otherOwner(question, address)
  const announced = originators(question, address)
  const waiting = owner === undefined ? clusters.flatMap(waitingSubjects).map(waitingStep) : []
  const pools = owner === undefined ? clusters.flatMap(one => poolSteps(one, address, waiting.length > 0)) : []
  const stale = announced.length > 0 ? [] : leftOverSteps(question, address)
  const names = announced.map(step => step.text.split(' ')[0]!)
  const what = owner === undefined ? 'no service has it or asks for it' : owner.text.replace(text, 'it')
  const nobody = clusters.length === 0 ? 'the lab has no Kubernetes cluster' : 'no service has it or asks for it'
  const verdict =
    announced.length > 0
      ? `${text} is announced by BGP from ${listText(names)}: ${what}`
      : (owner?.text ?? `nobody announces ${text}: ${nobody}`)
  const own = owner === undefined ? [] : [owner]
  return {
    question: asked,
    verdict,
    isPositive: announced.length > 0,
    steps: [...announced, ...own, ...waiting, ...pools, ...stale],
  }
}

function waitingSubjects(cluster: Subject['cluster']): readonly Subject[] {
  return waitingServices(cluster).map(service => ({ cluster, service, address: undefined, kind: 'LoadBalancerIP' }))
}

function waitingStep(subject: Subject): Step {
  const gate = serviceGates(subject).at(-1)!
  const name = `Service ${serviceKey(subject.service)}`
  return gate.outcome === 'fail'
    ? { ...gate, text: `${name} waits for an address: ${gate.text}` }
    : told(name, placeOf(subject.cluster, subject.service, 'metadata', 'name'))
}
