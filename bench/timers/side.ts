/** One of the systems compared: how it arms many timers for one midnight, and what became of them. */
export interface TimerSide {
  name: string;
  /** Starts `n` limits that pass at `midnight` (epoch ms) plus a spread; answers when all wait. Throws when that took too long. */
  arm(n: number, midnight: number): Promise<Armed>;
}

/** The limits of one slice. */
export interface Armed {
  ids: string[];
  /** how many effects are in the store, a doubled one twice */
  count(): Promise<number>;
  effects(): Promise<Effect[]>;
}

/** One effect of one limit as it was committed; both in epoch ms of the real clock. */
export interface Effect {
  id: string;
  dueAt: number;
  committedAt: number;
}

/**
 * When an effect was committed, seen from the store: a deferred trigger runs as the last thing before the commit and writes
 * down the clock. The time in the product's own rows is no witness: it is the engine's clock at the *beginning* of the
 * workflow task, which is earlier than anybody can see the effect. What the stamp leaves out is the flush of the log at the
 * commit, some milliseconds and the same on all sides; its cost, one row, is the same on all sides, too.
 */
export const WITNESS = `
  CREATE SCHEMA witness;
  CREATE UNLOGGED TABLE witness.effect (id text NOT NULL, due_at timestamptz NOT NULL, committed_at timestamptz NOT NULL);
  CREATE INDEX ON witness.effect (id);
  CREATE FUNCTION witness.of_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO witness.effect SELECT c.acceptance_no,
      (NEW.data ->> 'dueAt')::timestamptz - c.clock_ahead_ms * interval '1 millisecond', clock_timestamp()
    FROM case_file c WHERE c.case_id = NEW.case_id;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER witness AFTER INSERT ON case_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'LIMIT_PASSED') EXECUTE FUNCTION witness.of_case();
  CREATE FUNCTION witness.of_floor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO witness.effect SELECT t.timer_id, t.due_at, clock_timestamp() FROM floor.timer t WHERE t.timer_id = NEW.timer_id;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER witness AFTER INSERT ON floor.fired DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION witness.of_floor()`;
