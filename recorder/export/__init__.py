"""The pack for the council's Mosaic: values in, files out."""
