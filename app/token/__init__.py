"""UKEYs over PKCS#11, in processes of their own."""
