"""What bench/run and bench/profile share: peers, load, measurement and report."""
