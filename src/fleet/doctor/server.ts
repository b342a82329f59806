import { releaseWithin } from '../../versions/index.js';
import type { DoctorFacts } from './facts.js';
import { FAULTS, type Fault } from './faults.js';
import { fine, type Finding } from './finding.js';
import { queueNameOf } from './names.js';

/** The oldest release on which Lynchpin is tested. */
const OLDEST = '3.10.0';
/** What one connection of a process may need at most, for a few topics. */
const CHANNELS = 64;
/** Properties and headers of one message must fit into one frame. */
const FRAME = 8_192;
/** A frozen process holds pins for about three of these. */
const HEARTBEAT = 30;

/** What the broker says of itself, and what was agreed with it on the connection. */
export function serverFindings(facts: DoctorFacts): readonly Finding[] {
  return [...versionFindings(facts), streamsFinding(facts), ...connectionFindings(facts)];
}

function versionFindings(facts: DoctorFacts): readonly Finding[] {
  const { product, version } = facts.server;
  const id = 'broker/version';
  const about = `${product} ${version}`.trim();
  if (product !== 'RabbitMQ') {
    if (product === 'memory') return [fine(id, 'the broker is in memory', about)];
    return [
      {
        id,
        severity: 'warning',
        about,
        seen: 'this broker is not RabbitMQ',
        causes: 'nothing is known of its faults, and Lynchpin was never tried with it',
        remedy: 'run the tests of Lynchpin against this broker, with its address in AMQP_URL',
      },
    ];
  }
  const old = releaseWithin(version, `<${OLDEST}`);
  if (old === undefined) {
    return [
      {
        id,
        severity: 'not checked',
        about,
        seen: 'the broker does not say which release it is',
        causes: '',
        remedy: 'ask it',
        command: 'rabbitmqctl version',
      },
    ];
  }
  const known = FAULTS.filter((fault) => releaseWithin(version, fault.releases) === true && matters(fault, facts));
  const faults = known.map(({ id: name, severity, causes, remedy, source }): Finding => {
    return { id: `broker/${name}`, severity, about, seen: `a known fault of this release: ${source}`, causes, remedy };
  });
  if (!old) return [fine(id, known.length === 0 ? 'no fault is known of this release' : 'this release is supported', about), ...faults];
  const tooOld: Finding = {
    id,
    severity: 'warning',
    about,
    seen: `RabbitMQ before ${OLDEST}`,
    causes: 'Lynchpin was never tried with it',
    remedy: 'upgrade RabbitMQ',
  };
  return [tooOld, ...faults];
}

/** What is not known may be so. */
function matters({ where }: Fault, { management, namespace }: DoctorFacts): boolean {
  if (where === 'always' || 'unreachable' in management) return true;
  const { nodes, queues } = management;
  if (where === 'cluster') return !nodes.known || nodes.list.length > 1;
  return !queues.known || queues.list.some(({ name, type }) => type === 'quorum' && queueNameOf(name, namespace)?.kind === 'lane');
}

function streamsFinding({ logs }: DoctorFacts): Finding {
  const id = 'broker/streams';
  if (logs.supported === true) return fine(id, 'a stream was created, read and deleted');
  if (logs.supported === undefined) {
    return {
      id,
      severity: 'not checked',
      about: '',
      seen: logs.why,
      causes: '',
      remedy: 'run this with an account that may configure the namespace',
    };
  }
  return {
    id,
    severity: 'warning',
    about: '',
    seen: `the broker has no streams: ${logs.why}`,
    causes: 'there is no ledger: holds and pins work, finalizing a version does not',
    remedy: 'upgrade RabbitMQ, or enable its feature flags',
    command: 'rabbitmqctl enable_feature_flag all',
  };
}

function connectionFindings({ server }: DoctorFacts): readonly Finding[] {
  const { heartbeat, frameMax, channelMax } = server;
  const beat: Finding =
    heartbeat > 0 && heartbeat <= HEARTBEAT
      ? fine('broker/heartbeat', `every ${heartbeat} s`)
      : {
          id: 'broker/heartbeat',
          severity: 'warning',
          about: '',
          seen: heartbeat === 0 ? 'there are no heartbeats' : `one every ${heartbeat} s`,
          causes:
            heartbeat === 0
              ? 'a server that freezes, or whose machine is gone, is counted until the network gives up, and holds pins that long'
              : `a server that freezes is counted for about ${heartbeat * 3} s, and holds pins that long`,
          remedy: 'let heartbeats come every 10 s: the option heartbeat of connect, and heartbeat in rabbitmq.conf',
        };
  const frames: Finding =
    frameMax >= FRAME && channelMax >= CHANNELS
      ? fine('broker/frames', `frames of up to ${frameMax} bytes, ${channelMax} channels for each connection`)
      : {
          id: 'broker/frames',
          severity: 'warning',
          about: '',
          seen: `frames of up to ${frameMax} bytes, ${channelMax} channels for each connection`,
          causes: 'headers that do not fit into one frame cannot be sent; a process with many topics runs out of channels',
          remedy: `raise frame_max to at least ${FRAME} and channel_max to at least ${CHANNELS} in rabbitmq.conf`,
        };
  return [beat, frames];
}
