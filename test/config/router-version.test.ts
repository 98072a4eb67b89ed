import { expect, test } from 'vitest'
import { frrVersionOfImage, frrVersionOfVyos } from '../../src/config/router-version.ts'

test.each([
  ['frrouting/frr:v8.4.4', 804, '8.4.4'],
  ['quay.io/frrouting/frr:10.1.0', 1001, '10.1.0'],
  ['quay.io:443/frrouting/frr:9.1@sha256:abc', 901, '9.1.3'],
  ['vyos/vyos:1.4.9', 901, '9.1.3'],
  ['burlyluo/vyos:1.4.9', 901, '9.1.3'],
  ['registry/vyos:1.4-rolling-202211020117', 804, '8.4.4'],
  ['vyos:1.3.2', 705, '7.5.1'],
])('%s runs FRR %i', (image, version, text) => {
  expect(frrVersionOfImage(image)).toEqual({ version, text, isKnown: true })
})

test.each([undefined, 'frr', 'frrouting/frr:latest', 'localhost:5000/frr'])('%s does not tell the release', image => {
  expect(frrVersionOfImage(image).isKnown).toBe(false)
})

test('the release line of a config.boot tells the branch', () => {
  expect(frrVersionOfVyos('1.4.0')?.version).toBe(901)
  expect(frrVersionOfVyos('unknown')).toBeUndefined()
})
