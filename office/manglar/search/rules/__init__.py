"""Words as people search for them: cut, folded, stemmed, misspelt, said in another way."""
