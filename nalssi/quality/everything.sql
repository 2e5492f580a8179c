-- Whether all snapshots are `quality_wanted`, or one of these is gone.
SELECT count(*) = (SELECT count(*) FROM snapshots) OR count(*) < (SELECT count(*) FROM quality_wanted)
FROM quality_wanted SEMI JOIN snapshots USING (snapshot_id)
