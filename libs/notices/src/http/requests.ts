import {
  BooleanField,
  EnumField,
  InstantField,
  NestedListField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import { type Channel, channels, type Topic, topics } from '../domain/template.js';

const subscription = /^(\*|[a-z_]{1,40}\.(\*|[a-z_]{1,40}))$/;

export class NoticesQuery extends PageQuery {
  @BooleanField({ description: 'Only notices that were not read.', optional: true }) unread?: boolean;
}

export class ChoiceBody {
  @EnumField({ description: 'What about.', values: Object.keys(topics) }) topic!: Topic;
  @EnumField({ description: 'By which way.', values: channels }) channel!: Channel;
  @BooleanField({ description: 'False switches it off.' }) enabled!: boolean;
}

export class ChoicesBody {
  @NestedListField({ description: 'What changes; the rest stays.', type: () => ChoiceBody, min: 1, max: 20 })
  choices!: ChoiceBody[];
}

export class EndpointBody {
  @StringField({ description: 'Where events are sent; https.', min: 8, max: 500 }) url!: string;
  @StringField({ description: 'What it is for.', min: 1, max: 200 }) description!: string;
  @StringListField({
    description: 'Event names, families such as `review_case.*`, or `*`.',
    max: 50,
    maxLength: 81,
    pattern: subscription,
  })
  events!: string[];
}

export class EndpointChangeBody {
  @StringField({ description: 'Where events are sent; https.', min: 8, max: 500, optional: true }) url?: string;
  @StringField({ description: 'What it is for.', min: 1, max: 200, optional: true }) description?: string;
  @StringListField({
    description: 'Event names, families such as `review_case.*`, or `*`.',
    max: 50,
    maxLength: 81,
    pattern: subscription,
    optional: true,
  })
  events?: string[];
  @BooleanField({ description: 'Switches the endpoint on or off.', optional: true }) enabled?: boolean;
}

export class ReplayBody {
  @InstantField({ description: 'Events of deliveries made from this instant on.' }) since!: string;
}
