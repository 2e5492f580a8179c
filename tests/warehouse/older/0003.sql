-- The rows of a warehouse that version 3 wrote from the pages of test_migrate.py. Its tables are
-- those of the migrations 1 to 3.

INSERT INTO documents VALUES
    ('033193c654511e64', 'https://a.example/2', 'example.kr', 'text/html', '2025-12-31 00:00:00+00:00'),
    ('53c6c52314a4c32f', 'https://a.example/1', 'example.kr', 'text/html', '2025-12-31 00:00:00+00:00'),
    ('a28206f2d7e9f25d', 'https://a.example/4', 'example.kr', 'text/html', '2025-12-31 00:00:00+00:00'),
    ('cac142f210001562', 'https://a.example/4', 'example.kr', 'text/html', NULL),
    ('e5473b69802f65a5', 'https://a.example/3', 'example.kr', 'text/html', '2025-12-31 00:00:00+00:00');

INSERT INTO snapshots VALUES
    ('040601e15c62aa62', '2004-02-29', NULL, 2),
    ('04245b450acfc5ab', '2004-09-01', NULL, 1),
    ('2530533aeacc88a3', '2025-11-01', NULL, 9),
    ('253348d66a3b6239', '2025-11-30', NULL, 9),
    ('253535ec2cb83121', '2025-12-19', NULL, 2),
    ('f31763ff08b21452', NULL, NULL, 1);

INSERT INTO sightings VALUES
    ('033193c654511e64', '04245b450acfc5ab', 1, '2004-09-01', 'ticker', 1, '1855f9663a8a3b81'),
    ('033193c654511e64', 'f31763ff08b21452', 2, NULL, NULL, 1, '1855f9663a8a3b81'),
    ('53c6c52314a4c32f', '040601e15c62aa62', 3, '2004-02-29', 'ticker', 1, '1855f9663a8a3b81'),
    ('53c6c52314a4c32f', '253535ec2cb83121', 1, '2025-12-19', 'ticker', 1, '1855f9663a8a3b81'),
    ('a28206f2d7e9f25d', '2530533aeacc88a3', 1, '2025-11-01', 'ticker', 1, '1855f9663a8a3b81'),
    ('cac142f210001562', '253348d66a3b6239', 1, '2025-11-30', 'ticker', 1, '1855f9663a8a3b81');

INSERT INTO readings VALUES
    ('040601e15c62aa62', 90, 'name', 'clear', '맑음', NULL),
    ('040601e15c62aa62', 108, 'name', 'clear', '맑음', 35.0),
    ('04245b450acfc5ab', 90, 'name', 'clear', '맑음', 21.5),
    ('2530533aeacc88a3', 90, 'name', 'clear', '맑음', 9.0),
    ('2530533aeacc88a3', 98, 'name', 'clear', '맑음', 9.8),
    ('2530533aeacc88a3', 105, 'name', 'clear', '맑음', 10.5),
    ('2530533aeacc88a3', 108, 'name', 'clear', '맑음', 10.8),
    ('2530533aeacc88a3', 112, 'name', 'clear', '맑음', 11.2),
    ('2530533aeacc88a3', 119, 'name', 'clear', '맑음', 11.9),
    ('2530533aeacc88a3', 143, 'name', 'clear', '맑음', 14.3),
    ('2530533aeacc88a3', 156, 'name', 'clear', '맑음', 15.6),
    ('2530533aeacc88a3', 159, 'name', 'clear', '맑음', 15.9),
    ('253348d66a3b6239', 90, 'name', 'clear', '맑음', 9.0),
    ('253348d66a3b6239', 98, 'name', 'clear', '맑음', 9.8),
    ('253348d66a3b6239', 105, 'name', 'clear', '맑음', 10.5),
    ('253348d66a3b6239', 108, 'name', 'clear', '맑음', 10.8),
    ('253348d66a3b6239', 112, 'name', 'clear', '맑음', 11.2),
    ('253348d66a3b6239', 119, 'name', 'clear', '맑음', 11.9),
    ('253348d66a3b6239', 143, 'name', 'clear', '맑음', 14.3),
    ('253348d66a3b6239', 156, 'name', 'clear', '맑음', 15.6),
    ('253348d66a3b6239', 159, 'name', 'clear', '맑음', 15.9),
    ('253535ec2cb83121', 105, 'name', 'clear', '맑음', 14.1),
    ('253535ec2cb83121', 108, 'name', 'clear', '맑음', 3.0),
    ('f31763ff08b21452', 90, 'name', 'clear', '맑음', 3.0);

INSERT INTO rejects VALUES
    ('e5473b69802f65a5', 1, '구름많음 3.0', 'unknown_station', 1);

INSERT INTO quality VALUES
    ('040601e15c62aa62', 90, 2, ['consistency', 'missing']),
    ('040601e15c62aa62', 108, 2, ['consistency']),
    ('04245b450acfc5ab', 90, 2, ['consistency']),
    ('2530533aeacc88a3', 90, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 98, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 105, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 108, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 112, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 119, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 143, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 156, 3, ['consistency', 'frozen_feed']),
    ('2530533aeacc88a3', 159, 3, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 90, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 98, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 105, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 108, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 112, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 119, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 143, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 156, 4, ['consistency', 'frozen_feed']),
    ('253348d66a3b6239', 159, 4, ['consistency', 'frozen_feed']),
    ('253535ec2cb83121', 105, 2, ['consistency']),
    ('253535ec2cb83121', 108, 2, ['consistency']),
    ('f31763ff08b21452', 90, 2, ['consistency']);

INSERT INTO reconciliations VALUES
    ('040601e15c62aa62', '2004-03-01 16:00:00+00:00', 0.0, 1.0, 2, 'all', 'matched');

INSERT INTO loads VALUES
    ('1855f9663a8a3b81', '2026-11-29 00:37:10.613233+00:00', '2026-11-29 00:37:11.421398+00:00', NULL, '0.1.0', 1, 0, 5, 5, 5, 0, 25, 24, 1, 0, 6, 6, 24);
