-- Until version 4, all observations came from files of KMA's data portal.
CREATE TEMP VIEW observations AS SELECT *, 'portal' AS source FROM nalssi.main.observations;
