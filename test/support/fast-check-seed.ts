import fc from 'fast-check'

// one seed for all property tests, so that a run can be repeated; FC_SEED tries another
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) })
