"""What nalssi stands on: are its dependencies known to be vulnerable, and under which licences."""
