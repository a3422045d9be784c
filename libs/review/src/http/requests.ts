import {
  BooleanField,
  DateField,
  EnumField,
  IdField,
  IntField,
  NestedField,
  NestedListField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import { complaintOutcomes, type ComplaintOutcome } from '../domain/complaint.lifecycle.js';
import { type ReviewKind, reviewKinds, type ReviewState, reviewStates } from '../domain/review-case.js';

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const calendarDay = /^\d{4}-\d{2}-\d{2}$/;

export class QueueQuery extends PageQuery {
  @EnumField({ description: 'Open cases when left out.', values: reviewStates, optional: true }) state?: ReviewState;
  @EnumField({ description: 'One kind of case only.', values: reviewKinds, optional: true }) kind?: ReviewKind;
  @StringField({
    description: '`me`, `none`, or a person’s id.',
    max: 36,
    pattern: /^(me|none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    optional: true,
  })
  assignee?: string;
  @BooleanField({ description: 'Only cases that were not decided in time, or only the others.', optional: true })
  breached?: boolean;
  @BooleanField({ description: 'Only cases in the review lead’s queue, or only the others.', optional: true })
  escalated?: boolean;
}

export class AssignBody {
  @IdField({ description: 'A reviewer or lead without a conflict of interest.' }) personId!: string;
  @StringField({ description: 'Why the case changes hands.', min: 3, max: 500 }) reason!: string;
}

export class ConflictBody {
  @StringField({ description: 'What the conflict of interest is.', min: 3, max: 500 }) reason!: string;
}

export class HolidayBody {
  @DateField({ description: 'First day.' }) from!: string;
  @DateField({ description: 'Last day; one day when left out.', optional: true }) to?: string;
  @StringField({ description: 'Name of the holiday.', min: 1, max: 200 }) name!: string;
}

export class CalendarBody {
  @StringField({ description: 'Why; shown to everybody whose case moves.', min: 3, max: 300 }) reason!: string;
  @NestedListField({ description: 'Days off to add.', type: () => HolidayBody, max: 40, optional: true })
  addHolidays?: HolidayBody[];
  @StringListField({
    description: 'Dates that are days off no more.',
    max: 100,
    maxLength: 10,
    pattern: calendarDay,
    optional: true,
  })
  removeHolidays?: string[];
  @StringListField({
    description: 'Days of a weekend that are worked.',
    max: 60,
    maxLength: 10,
    pattern: calendarDay,
    optional: true,
  })
  addWorkingDays?: string[];
  @StringListField({
    description: 'Such days that are not worked after all.',
    max: 60,
    maxLength: 10,
    pattern: calendarDay,
    optional: true,
  })
  removeWorkingDays?: string[];
  @StringField({ description: 'Opening time, local.', max: 5, pattern: timeOfDay, optional: true, example: '09:00' })
  opens?: string;
  @StringField({
    description: 'Closing time, local; it still belongs to the day.',
    max: 5,
    pattern: timeOfDay,
    optional: true,
    example: '17:00',
  })
  closes?: string;
  @IntField({ description: 'A year that the authority has announced.', min: 2000, max: 2199, optional: true })
  publishYear?: number;
}

export class AboutBody {
  @EnumField({
    description: 'What the complaint is about.',
    values: ['organisation', 'funding_request', 'offer', 'award', 'review_case', 'portal'],
  })
  type!: string;
  @IdField({ description: 'Which one; left out for the portal itself.', optional: true }) id?: string;
}

export class ComplaintBody {
  @NestedField({ description: 'What the complaint is about.', type: () => AboutBody }) about!: AboutBody;
  @StringField({ description: 'What happened and what would put it right.', min: 20, max: 5000 }) text!: string;
}

export class AppealBody {
  @StringField({ description: 'Why the decision is wrong.', min: 20, max: 5000 }) text!: string;
}

class AskedBody {
  @StringField({ description: 'A code that programs read.', min: 2, max: 60, pattern: /^[a-z0-9_]+$/ }) code!: string;
  @StringField({ description: 'What is missing, in words for the complainant.', min: 3, max: 500 }) message!: string;
}

export class ComplaintQuestionsBody {
  @NestedListField({ description: 'Everything that is missing, at once.', type: () => AskedBody, min: 1, max: 10 })
  reasons!: AskedBody[];
}

export class ComplainantAnswerBody {
  @StringField({ description: 'The answer to all that was asked.', min: 3, max: 5000 }) answer!: string;
}

export class ReviewAnswerBody {
  @EnumField({ description: 'The ruling.', values: complaintOutcomes }) outcome!: ComplaintOutcome;
  @StringField({ description: 'The answer with its reasons.', min: 20, max: 5000 }) answer!: string;
}
